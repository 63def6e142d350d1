using Google.Protobuf.Reflection;

namespace Gateway.Api.Tenancy;

/// <summary>What the fields of one message say of resources, by number.</summary>
internal sealed class NameTable
{
    private static readonly (NameKind, NameTable?) UnknownField = (NameKind.Unknown, null);

    private readonly (NameKind Kind, NameTable? Message)[] _fields;

    /// <summary>Makes a table in which all fields are unknown.</summary>
    public NameTable(MessageDescriptor message, bool isContent)
    {
        IsContent = isContent;
        _fields = new (NameKind, NameTable?)[message.Fields.InFieldNumberOrder().Select(field => field.FieldNumber + 1).LastOrDefault()];
    }

    /// <summary>Whether the message is what models work on: in it, names of users and apps are all that counts.</summary>
    public bool IsContent { get; }

    /// <summary>What a field says, and for a message what its fields do.</summary>
    public (NameKind Kind, NameTable? Message) this[int number]
    {
        get => (uint)number < (uint)_fields.Length ? _fields[number] : UnknownField;
        set => _fields[number] = value;
    }
}
