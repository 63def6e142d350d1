namespace Gateway.Core.Transcoding;

/// <summary>How the members or elements of an open object or array are taken.</summary>
internal enum JsonFrameKind : byte
{
    /// <summary>The place of the whole text's one value.</summary>
    Root,

    /// <summary>A message's fields.</summary>
    Message,

    /// <summary>A map's entries, or the members of a <c>Struct</c>.</summary>
    Map,

    /// <summary>A list's elements, or those of a <c>ListValue</c>.</summary>
    List,

    /// <summary>An <c>Any</c> whose <c>@type</c> is still to come.</summary>
    Any,

    /// <summary>An <c>Any</c> of a type with a JSON form of its own, which stands in its <c>value</c>.</summary>
    AnyValue,
}
