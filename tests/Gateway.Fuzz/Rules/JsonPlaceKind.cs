namespace Gateway.Fuzz.Rules;

/// <summary>What a JSON value is in its place.</summary>
internal enum JsonPlaceKind
{
    /// <summary>The whole text, or what an <c>Any</c> holds.</summary>
    Root,

    /// <summary>A singular field's value.</summary>
    Member,

    /// <summary>A whole list or map.</summary>
    Repeated,

    /// <summary>An element of a list.</summary>
    Element,

    /// <summary>A map's key; the value is the entry's.</summary>
    MapKey,

    /// <summary>A map's value.</summary>
    MapValue,

    /// <summary>The one field of a wrapper.</summary>
    Wrapped,
}
