using System.Collections;
using Gateway.Fuzz.Reference;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Value = Google.Protobuf.WellKnownTypes.Value;

namespace Gateway.Fuzz.Generation;

/// <summary>Makes random messages that JSON can express, of any type, from its descriptor. Most are small.</summary>
internal sealed class MessageGenerator(Dice dice)
{
    private const int MaxDepth = 6;
    private const int LongOneIn = 60;
    private const int LongLength = 12_000;

    private int _left = dice.Size(14, 120);

    /// <summary>A message of the type; now and then one whose lists are longer than any buffer that the transcoder fills before it hands it on.</summary>
    public IMessage Whole(MessageDescriptor type)
    {
        var message = Message(type);
        if (dice.OneIn(LongOneIn) && message.CalculateSize() is var size and > 0)
        {
            var wire = message.ToByteArray();
            message = type.Parser.ParseFrom([.. Enumerable.Repeat(wire, 1 + dice.Below(LongLength / size + 1)).SelectMany(bytes => bytes)]);
        }

        return message;
    }

    /// <summary>A message of the type; its fields are drawn until a random budget is used up.</summary>
    public IMessage Message(MessageDescriptor type, int depth = 0)
    {
        var message = WellKnown(type, depth) ?? type.Parser.ParseFrom([]);
        if (!IsWellKnown(type))
        {
            Fill(message, depth);
        }

        return message;
    }

    private void Fill(IMessage message, int depth)
    {
        var fields = message.Descriptor.Fields.InDeclarationOrder();
        for (var draws = depth == 0 ? 1 + dice.Below(5) : dice.Below(4); draws > 0 && fields.Count > 0 && _left > 0; draws--)
        {
            _left--;
            Set(message, fields[dice.Below(fields.Count)], depth + 1);
        }
    }

    private void Set(IMessage message, FieldDescriptor field, int depth)
    {
        if (field.FieldType == FieldType.Message && depth > MaxDepth)
        {
            return;
        }

        if (field.IsMap)
        {
            var map = (IDictionary)field.Accessor.GetValue(message);
            var entry = field.MessageType.Fields.InFieldNumberOrder();
            for (var count = dice.Size(3, 20); count > 0; count--)
            {
                map[Single(entry[0], depth)] = Single(entry[1], depth);
            }
        }
        else if (field.IsRepeated)
        {
            var list = (IList)field.Accessor.GetValue(message);
            for (var count = dice.Size(3, 40); count > 0; count--)
            {
                list.Add(Single(field, depth));
            }
        }
        else
        {
            field.Accessor.SetValue(message, Single(field, depth));
        }
    }

    private object Single(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.Bool => dice.OneIn(2),
        FieldType.Bytes => ByteString.CopyFrom(EdgeValues.Bytes(dice)),
        FieldType.Double => EdgeValues.Double(dice),
        FieldType.Enum => Enum(field.EnumType),
        FieldType.Fixed32 or FieldType.UInt32 => EdgeValues.UInt32(dice),
        FieldType.Fixed64 or FieldType.UInt64 => EdgeValues.UInt64(dice),
        FieldType.Float => EdgeValues.Float(dice),
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => EdgeValues.Int32(dice),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => EdgeValues.Int64(dice),
        FieldType.String => EdgeValues.Text(dice),
        FieldType.Message when Types.IsWrapper(field.MessageType) => Single(field.MessageType.Fields[1], depth),
        FieldType.Message => Message(field.MessageType, depth),
        _ => throw new NotSupportedException(field.FieldType.ToString()),
    };

    // A NullValue is null in JSON, whatever its number.
    private int Enum(EnumDescriptor type) => type.FullName == "google.protobuf.NullValue" ? 0
        : dice.OneIn(8) ? EdgeValues.Int32(dice)
        : type.Values[dice.Below(type.Values.Count)].Number;

    private static bool IsWellKnown(MessageDescriptor type) => type.File.Package == "google.protobuf" && !Types.IsWrapper(type) && type.Name != "Empty";

    private IMessage? WellKnown(MessageDescriptor type, int depth) => type.FullName switch
    {
        "google.protobuf.Any" => AnyOf(depth),
        "google.protobuf.Timestamp" => new Timestamp { Seconds = TimestampSeconds(), Nanos = Nanos() },
        "google.protobuf.Duration" => DurationOf(),
        "google.protobuf.FieldMask" => FieldMaskOf(),
        "google.protobuf.Struct" => StructOf(depth),
        "google.protobuf.Value" => ValueOf(depth),
        "google.protobuf.ListValue" => ListOf(depth),
        _ => null,
    };

    private Any AnyOf(int depth) => depth >= MaxDepth || dice.OneIn(8)
        ? new Any()
        : Any.Pack(Message(dice.Pick<MessageDescriptor>(Types.ForAny), depth + 1), dice.Pick("type.googleapis.com", "example.com/a", ""));

    private long TimestampSeconds() => dice.OneIn(3)
        ? dice.Pick(0L, -1, -62_135_596_800, 253_402_300_799, 951_782_400)
        : (long)(dice.Next() % 315_537_897_600) - 62_135_596_800;

    private int Nanos() => dice.Pick(0, 1, 999_999_999, 500_000_000, 1_000, 123_456_000, dice.Below(1_000_000_000));

    private Duration DurationOf()
    {
        var sign = dice.Pick(1, -1);
        var largest = dice.OneIn(6);
        var seconds = largest ? 315_576_000_000 : dice.Pick(0, 1, 60, (long)(dice.Next() % 315_576_000_000));
        return new Duration { Seconds = sign * seconds, Nanos = largest ? 0 : sign * Nanos() };
    }

    private FieldMask FieldMaskOf()
    {
        var mask = new FieldMask();
        for (var count = dice.Below(4); count > 0; count--)
        {
            mask.Paths.Add(dice.Pick("a", "foo_bar", "user_app_id.app_id", "a.b_c.d", "x1_y2", "z9"));
        }

        return mask;
    }

    private Struct StructOf(int depth)
    {
        var value = new Struct();
        for (var count = dice.Below(4); count > 0; count--)
        {
            value.Fields[EdgeValues.Text(dice)] = ValueOf(depth + 1);
        }

        return value;
    }

    private ListValue ListOf(int depth)
    {
        var value = new ListValue();
        for (var count = dice.Below(4); count > 0; count--)
        {
            value.Values.Add(ValueOf(depth + 1));
        }

        return value;
    }

    private Value ValueOf(int depth) => dice.Below(depth > MaxDepth ? 4 : 6) switch
    {
        0 => Value.ForNull(),
        1 => Value.ForBool(dice.OneIn(2)),
        2 => Value.ForNumber(EdgeValues.Double(dice) is var number && double.IsFinite(number) ? number : 0.5),
        3 => Value.ForString(EdgeValues.Text(dice)),
        4 => new Value { ListValue = ListOf(depth) },
        _ => new Value { StructValue = StructOf(depth) },
    };
}
