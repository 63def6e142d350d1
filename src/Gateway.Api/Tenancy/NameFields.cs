using Google.Protobuf.Reflection;

namespace Gateway.Api.Tenancy;

/// <summary>What the fields of one message say of resources, by number.</summary>
internal sealed class NameFields
{
    private static readonly (NameKind, NameFields?) UnknownField = (NameKind.Unknown, null);

    private readonly (NameKind Kind, NameFields? Message)[] _fields;

    /// <summary>Makes a table in which all fields are unknown.</summary>
    public NameFields(MessageDescriptor message, bool isContent)
    {
        IsContent = isContent;
        _fields = new (NameKind, NameFields?)[message.Fields.InFieldNumberOrder().Select(field => field.FieldNumber + 1).LastOrDefault()];
    }

    /// <summary>Whether the message is what models work on: in it, names of users, apps, models and workflows are all that counts.</summary>
    public bool IsContent { get; }

    /// <summary>What a field says, and for a message what its fields do.</summary>
    public (NameKind Kind, NameFields? Message) this[int number]
    {
        get => (uint)number < (uint)_fields.Length ? _fields[number] : UnknownField;
        set => _fields[number] = value;
    }
}
