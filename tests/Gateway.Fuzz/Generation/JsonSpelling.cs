using System.Globalization;
using System.Text.Json;
using Gateway.Fuzz.Reference;
using Google.Protobuf.Reflection;

namespace Gateway.Fuzz.Generation;

/// <summary>
/// Spells a message's JSON text in another way that ProtoJSON allows: either of a field's names, any order, nulls for unset fields, enum
/// values by number or any of their names, numbers bare or quoted and with exponents, either base64 alphabet, padded or not, in one line or in many,
/// escapes, whitespace, a byte order mark.
/// </summary>
internal sealed class JsonSpelling(Dice dice)
{
    private readonly SpelledJson _json = new(dice);

    /// <summary>Spells the text that Google's formatter wrote for a message of the type.</summary>
    public byte[] Respell(MessageDescriptor type, string canonical)
    {
        using var document = JsonDocument.Parse(canonical, new JsonDocumentOptions { MaxDepth = 1_000 });
        _json.Raw(dice.OneIn(16) ? "\uFEFF" : "");
        _json.Space();
        Message(type, document.RootElement);
        _json.Space();
        return _json.ToUtf8();
    }

    private void Message(MessageDescriptor type, JsonElement value)
    {
        switch (type.FullName)
        {
            case "google.protobuf.Any":
                Any(value);
                break;
            case "google.protobuf.Timestamp":
                _json.String(ScalarSpelling.Timestamp(value.GetString()!, dice));
                break;
            case "google.protobuf.Duration":
                _json.String(ScalarSpelling.Duration(value.GetString()!, dice));
                break;
            case "google.protobuf.FieldMask":
                _json.String(value.GetString()!);
                break;
            case "google.protobuf.Struct" or "google.protobuf.Value" or "google.protobuf.ListValue":
                Free(value);
                break;
            case var _ when Types.IsWrapper(type):
                Scalar(type.Fields[1], value);
                break;
            default:
                _json.Object([.. FieldsOf(type, value)]);
                break;
        }
    }

    private IEnumerable<Action> FieldsOf(MessageDescriptor type, JsonElement value)
    {
        var given = new HashSet<FieldDescriptor>();
        foreach (var member in value.EnumerateObject().Where(member => member.Name != "@type"))
        {
            FieldDescriptor field = type.Fields.InDeclarationOrder().Single(field => field.JsonName == member.Name);
            given.Add(field);
            yield return () => _json.Member(NameOf(field), () => Field(field, member.Value));
        }

        foreach (var field in type.Fields.InDeclarationOrder())
        {
            if (dice.OneIn(16) && !given.Contains(field) && MayBeNull(field))
            {
                yield return () => _json.Member(NameOf(field), () => _json.Raw("null"));
            }
        }
    }

    // Null is a value of these, not the lack of one.
    private static bool MayBeNull(FieldDescriptor field) =>
        field.IsRepeated || !(field.FieldType == FieldType.Message ? field.MessageType.FullName == "google.protobuf.Value"
            : field.FieldType == FieldType.Enum && field.EnumType.FullName == "google.protobuf.NullValue");

    private string NameOf(FieldDescriptor field) => dice.OneIn(2) ? field.Name : field.JsonName;

    private void Any(JsonElement value)
    {
        if (!value.TryGetProperty("@type", out var url))
        {
            _json.Object([]);
            return;
        }

        var content = Types.Named(url.GetString()!.Split('/')[^1]);
        List<Action> members = content.File.Package != "google.protobuf" ? [.. FieldsOf(content, value)]
            : value.TryGetProperty("value", out var inner) && content.Name != "Empty" ? [() => _json.Member("value", () => Message(content, inner))]
            : [];
        members.Add(() => _json.Member("@type", () => _json.String(url.GetString()!)));
        _json.Object(members);
    }

    private void Field(FieldDescriptor field, JsonElement value)
    {
        if (field.IsMap)
        {
            var element = field.MessageType.FindFieldByNumber(2);
            _json.Object([.. value.EnumerateObject().Select(entry => (Action)(() => _json.Member(entry.Name, () => Single(element, entry.Value))))]);
        }
        else if (field.IsRepeated)
        {
            _json.Array([.. value.EnumerateArray().Select(element => (Action)(() => Single(field, element)))]);
        }
        else
        {
            Single(field, value);
        }
    }

    private void Single(FieldDescriptor field, JsonElement value)
    {
        if (field.FieldType == FieldType.Message)
        {
            Message(field.MessageType, value);
        }
        else
        {
            Scalar(field, value);
        }
    }

    private void Scalar(FieldDescriptor field, JsonElement value)
    {
        switch (field.FieldType)
        {
            case FieldType.String:
                _json.String(value.GetString()!);
                break;
            case FieldType.Bytes:
                _json.String(ScalarSpelling.Base64(value.GetString()!, dice));
                break;
            case FieldType.Bool:
                _json.Raw(value.GetRawText());
                break;
            case FieldType.Enum:
                Enum(field.EnumType, value);
                break;
            default:
                Number(value);
                break;
        }
    }

    private void Enum(EnumDescriptor type, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            _json.Raw(value.GetRawText());
            return;
        }

        var number = type.FindValueByName(value.GetString()).Number;
        if (dice.OneIn(2))
        {
            _json.Raw(number.ToString(CultureInfo.InvariantCulture));
        }
        else
        {
            _json.String(dice.Pick<string>([.. type.Values.Where(alias => alias.Number == number).Select(alias => alias.Name)]));
        }
    }

    private void Number(JsonElement value)
    {
        var number = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        if (number is "NaN" or "Infinity" or "-Infinity")
        {
            _json.String(number);
            return;
        }

        number = dice.OneIn(3) ? ScalarSpelling.Number(number, dice) : number;
        if (dice.OneIn(2))
        {
            _json.Raw(number);
        }
        else
        {
            _json.String(number);
        }
    }

    /// <summary>What a <c>Struct</c> holds: any JSON.</summary>
    private void Free(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                _json.Object([.. value.EnumerateObject().Select(member => (Action)(() => _json.Member(member.Name, () => Free(member.Value))))]);
                break;
            case JsonValueKind.Array:
                _json.Array([.. value.EnumerateArray().Select(element => (Action)(() => Free(element)))]);
                break;
            case JsonValueKind.String:
                _json.String(value.GetString()!);
                break;
            case JsonValueKind.Number when dice.OneIn(3):
                _json.Raw(ScalarSpelling.Number(value.GetRawText(), dice));
                break;
            default:
                _json.Raw(value.GetRawText());
                break;
        }
    }
}
