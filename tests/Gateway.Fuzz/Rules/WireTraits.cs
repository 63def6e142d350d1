namespace Gateway.Fuzz.Rules;

/// <summary>What is unusual about wire bytes.</summary>
[Flags]
internal enum WireTraits
{
    None = 0,

    /// <summary>A tag has more than five bytes, or more than 32 bits.</summary>
    WideTag = 1,

    /// <summary>A later value, member of the same oneof or entry of the same key stands for one that came before.</summary>
    Replaced = 1 << 2,

    /// <summary>A wrapper such as <c>StringValue</c> comes in parts, which are to be merged.</summary>
    WrapperParts = 1 << 3,

    /// <summary>A wrapper is malformed, or longer than the message around it.</summary>
    WrapperFault = 1 << 4,

    /// <summary>Groups nest deeper than we read them.</summary>
    DeepGroups = 1 << 5,

    /// <summary>A field is private.</summary>
    Private = 1 << 6,

    /// <summary>A member of a <c>Struct</c> has an empty name.</summary>
    EmptyKey = 1 << 7,

    /// <summary>A <c>Value</c> has none of its members.</summary>
    KindlessValue = 1 << 8,

    /// <summary>An <c>Any</c> has no type.</summary>
    TypelessAny = 1 << 9,

    /// <summary>An <c>Any</c> holds an <c>Empty</c>.</summary>
    AnyOfEmpty = 1 << 10,

    /// <summary>A float or double is -0.</summary>
    NegativeZero = 1 << 11,

    /// <summary>A field mask has a path that reading its JSON would not give back.</summary>
    LostPath = 1 << 12,

    /// <summary>A <c>NullValue</c> is not zero.</summary>
    OddNull = 1 << 13,

    /// <summary>A double is NaN or infinite.</summary>
    NotFinite = 1 << 14,

    /// <summary>A tag in a wrapper or in an entry of a map has a wire type that there is not.</summary>
    UnknownWireType = 1 << 15,

    /// <summary>The message in an entry of a map comes in parts.</summary>
    EntryParts = 1 << 16,

    /// <summary>A length is longer than any message.</summary>
    WideLength = 1 << 17,
}
