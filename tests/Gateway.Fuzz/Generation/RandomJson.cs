using Gateway.Fuzz.Reference;
using Google.Protobuf.Reflection;

namespace Gateway.Fuzz.Generation;

/// <summary>Makes JSON texts that follow a message's fields but not its rules: odd values, members given twice, unknown ones, one thing for another.</summary>
internal sealed class RandomJson(Dice dice)
{
    private const int MaxDepth = 4;

    private readonly SpelledJson _json = new(dice);

    public byte[] Text(MessageDescriptor type)
    {
        Message(type, 0);
        return _json.ToUtf8();
    }

    private void Message(MessageDescriptor type, int depth)
    {
        if (dice.OneIn(20) || depth > MaxDepth)
        {
            _json.Raw(OddValues.Any(dice));
        }
        else if (type.FullName == "google.protobuf.Any")
        {
            Any(depth);
        }
        else if (type.File.Package == "google.protobuf")
        {
            WellKnown(type, depth);
        }
        else
        {
            _json.Object(MembersOf(type, depth));
        }
    }

    private List<Action> MembersOf(MessageDescriptor type, int depth)
    {
        var members = new List<Action>();
        var fields = type.Fields.InDeclarationOrder();
        for (var count = dice.Below(4); count > 0 && fields.Count > 0; count--)
        {
            var field = fields[dice.Below(fields.Count)];
            members.Add(() => _json.Member(dice.OneIn(30) ? "unknown" : dice.Pick(field.Name, field.JsonName), () => Field(field, depth + 1)));
        }

        return members;
    }

    private void Any(int depth)
    {
        var content = dice.Pick<MessageDescriptor>(Types.ForAny);
        var members = content.File.Package == "google.protobuf" && !dice.OneIn(8)
            ? [() => _json.Member("value", () => Message(content, depth + 1))]
            : MembersOf(content, depth + 1);
        if (!dice.OneIn(10))
        {
            members.Add(() => _json.Member("@type", () => _json.String(dice.Pick("type.googleapis.com/", "/", "a/b/", "") + content.FullName)));
        }

        _json.Object(members);
    }

    private void WellKnown(MessageDescriptor type, int depth)
    {
        switch (type.Name)
        {
            case "Struct":
                var value = type.Fields[1].MessageType.Fields[2].MessageType;
                _json.Object([.. Enumerable.Range(0, dice.Below(4)).Select(_ => (Action)(() => _json.Member(EdgeValues.Text(dice), () => Message(value, depth + 1))))]);
                break;
            case "ListValue":
                _json.Array([.. Enumerable.Range(0, dice.Below(4)).Select(_ => (Action)(() => Message(type.Fields[1].MessageType, depth + 1)))]);
                break;
            case "Value" when dice.OneIn(3):
                Message(type.Fields[dice.Pick(5, 6)].MessageType, depth + 1);
                break;
            default:
                _json.Raw(OddValues.For(type, dice));
                break;
        }
    }

    private void Field(FieldDescriptor field, int depth)
    {
        if (!field.IsRepeated || dice.OneIn(15))
        {
            Single(field, depth);
        }
        else if (field.IsMap)
        {
            var value = field.MessageType.FindFieldByNumber(2);
            _json.Object([.. Enumerable.Range(0, dice.Below(4)).Select(_ => (Action)(() => _json.Member(Key(field.MessageType.FindFieldByNumber(1)), () => Single(value, depth))))]);
        }
        else
        {
            _json.Array([.. Enumerable.Range(0, dice.Below(4)).Select(_ => (Action)(() => Single(field, depth)))]);
        }
    }

    private string Key(FieldDescriptor key) => key.FieldType switch
    {
        FieldType.String => EdgeValues.Text(dice),
        FieldType.Bool => dice.Pick("true", "false", "True", "1", ""),
        _ => dice.Pick("0", "1", "-1", "01", "-0", "+1", " 1", "1.0", "1e1", "", "2147483648", "4294967296", "9223372036854775808", "-9223372036854775808", "18446744073709551615"),
    };

    private void Single(FieldDescriptor field, int depth)
    {
        if (field.FieldType == FieldType.Message)
        {
            Message(field.MessageType, depth);
        }
        else
        {
            _json.Raw(OddValues.For(field, dice));
        }
    }
}
