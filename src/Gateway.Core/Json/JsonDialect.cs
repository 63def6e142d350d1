namespace Gateway.Core.Json;

/// <summary>How a message looks in JSON, where the ProtoJSON specification leaves a choice or an API has its own mind. Immutable.</summary>
public sealed record JsonDialect
{
    /// <summary>The JSON of Clarifai's REST API.</summary>
    public static JsonDialect Clarifai { get; } = new()
    {
        WritesProtoNames = true,
        WritesEnumNumbers = true,
        IgnoresUnknownMembers = true,
        ShowsMarkedEmptyFields = true,
        HidesPrivateFields = true,
        AppliesDefaultFloats = true,
        ReadsDataUrls = true,
    };

    /// <summary>The JSON of the ProtoJSON specification (protobuf.dev/programming-guides/json), with no option taken.</summary>
    public static JsonDialect ProtoJson { get; } = new();

    /// <summary>
    /// Writes fields by their names in the <c>.proto</c> file, else by their lowerCamelCase JSON names. Both are always read.
    /// </summary>
    public bool WritesProtoNames { get; init; }

    /// <summary>Writes enum values as numbers, else by name where the number has one. Both are always read.</summary>
    public bool WritesEnumNumbers { get; init; }

    /// <summary>Skips members that the message does not have, else rejects them.</summary>
    public bool IgnoresUnknownMembers { get; init; }

    /// <summary>Takes an enum name that the enum does not have as an unset value, else rejects it.</summary>
    public bool IgnoresUnknownEnumNames { get; init; }

    /// <summary>Writes fields marked <c>cl_show_if_empty</c> even when they are unset.</summary>
    public bool ShowsMarkedEmptyFields { get; init; }

    /// <summary>Treats fields marked <c>cl_private_field</c> as if the message did not have them, in both directions.</summary>
    public bool HidesPrivateFields { get; init; }

    /// <summary>Reads a message that leaves out a field marked <c>cl_default_float</c> as if it gave that value.</summary>
    public bool AppliesDefaultFloats { get; init; }

    /// <summary>
    /// Takes a URL that holds its content as base64 (RFC 2397) where a field named <c>base64</c> takes the content, else rejects it.
    /// </summary>
    public bool ReadsDataUrls { get; init; }
}
