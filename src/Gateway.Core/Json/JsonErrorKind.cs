namespace Gateway.Core.Json;

/// <summary>What is wrong with a message, for code that answers it differently.</summary>
public enum JsonErrorKind
{
    /// <summary>The text is not JSON, or not UTF-8.</summary>
    Syntax,

    /// <summary>A value is of another type than its field: text for a number, an object for a list.</summary>
    WrongType,

    /// <summary>A value is of the right type and not in its format or range: not base64, no such date, 2^31 for an int32.</summary>
    BadValue,

    /// <summary>The message has no such member, and the dialect does not ignore that.</summary>
    UnknownMember,

    /// <summary>The enum has no such name.</summary>
    UnknownEnumValue,

    /// <summary>A member, or a second member of one oneof, that was given before.</summary>
    GivenTwice,

    /// <summary>More than a limit allows.</summary>
    LimitExceeded,

    /// <summary>The protobuf bytes are not a message of the type.</summary>
    MalformedWire,

    /// <summary>The message cannot be written as JSON: a timestamp out of range, an <c>Any</c> of unknown type.</summary>
    NotRepresentable,
}
