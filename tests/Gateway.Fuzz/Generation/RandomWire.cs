using System.Text;
using Gateway.Fuzz.Reference;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Gateway.Fuzz.Generation;

/// <summary>
/// Makes wire bytes that no writer writes and every reader must understand, mostly: fields in any order and more than once, packed or not, in parts,
/// unknown ones, groups; now and then of another wire type or not UTF-8.
/// </summary>
internal sealed class RandomWire(Dice dice)
{
    private const int MaxDepth = 4;
    private const int MaxTagNumber = 536_870_911;

    /// <summary>A message of the type.</summary>
    public byte[] Message(MessageDescriptor type) => Message(type, 0);

    /// <summary>One field of the type, with its tag.</summary>
    public byte[] Field(MessageDescriptor type) => Field(type, 0);

    /// <summary>Groups in groups of an unknown field.</summary>
    public byte[] Groups(int depth)
    {
        var start = Tag(dice.Pick(99, 1_000, MaxTagNumber), 3);
        return [.. Enumerable.Repeat(start, depth).SelectMany(tag => tag), .. Enumerable.Repeat(EndOf(start), depth).SelectMany(tag => tag)];
    }

    /// <summary>The message inside of itself, by a field of its own type; the message as it is when there is none.</summary>
    public byte[] Nested(MessageDescriptor type, byte[] wire)
    {
        if (type.Fields.InDeclarationOrder().FirstOrDefault(field => field is { FieldType: FieldType.Message, IsMap: false } && field.MessageType == type) is { } field)
        {
            for (var depth = dice.Pick(1, 2, 10, 31, 32, 63, 64, 65, 99, 100, 110); depth > 0; depth--)
            {
                wire = Delimited(field.FieldNumber, wire);
            }
        }

        return wire;
    }

    private byte[] Message(MessageDescriptor type, int depth)
    {
        IEnumerable<byte> bytes = [];
        for (var count = dice.Below(depth == 0 ? 7 : 4); count > 0; count--)
        {
            bytes = bytes.Concat(Field(type, depth));
        }

        return [.. bytes];
    }

    private byte[] Field(MessageDescriptor type, int depth)
    {
        var fields = type.Fields.InDeclarationOrder();
        if (fields.Count == 0 || dice.OneIn(12))
        {
            return Untyped(dice.Pick(1, 2, 3, 15, 16, 99, MaxTagNumber), dice.Below(dice.OneIn(8) ? 8 : 6), depth);
        }

        var field = fields[dice.Below(fields.Count)];
        return dice.OneIn(15) ? Untyped(field.FieldNumber, dice.Below(6), depth) : Typed(field, depth);
    }

    private byte[] Typed(FieldDescriptor field, int depth)
    {
        var wireType = Types.WireTypeOf(field);
        if (wireType != 2 && field.IsRepeated && !dice.OneIn(3))
        {
            return Delimited(field.FieldNumber, [.. Enumerable.Range(0, dice.Below(5)).SelectMany(_ => Number(wireType))]);
        }

        if (wireType == 2 && field.IsRepeated)
        {
            return [.. Enumerable.Range(0, dice.Size(2, 14)).SelectMany(_ => Delimited(field.FieldNumber, Content(field, depth)))];
        }

        return wireType == 2 ? Delimited(field.FieldNumber, Content(field, depth)) : [.. Tag(field.FieldNumber, wireType), .. Number(wireType)];
    }

    private byte[] Content(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.Message when Types.IsWellKnownScalar(field.MessageType) && dice.OneIn(2) => new MessageGenerator(dice).Message(field.MessageType).ToByteArray(),
        FieldType.Message => depth > MaxDepth ? [] : Message(field.MessageType, depth + 1),
        FieldType.String when dice.OneIn(15) => dice.Bytes(dice.Below(4)),
        FieldType.String when field.ContainingType.FullName == "google.protobuf.Any" => Encoding.UTF8.GetBytes("a/" + dice.Pick<MessageDescriptor>(Types.ForAny).FullName),
        FieldType.String => Encoding.UTF8.GetBytes(dice.Pick("", "a", "b", EdgeValues.Text(dice))),
        _ => EdgeValues.Bytes(dice),
    };

    private byte[] Untyped(int number, int wireType, int depth) => wireType switch
    {
        0 or 1 or 5 => [.. Tag(number, wireType), .. Number(wireType)],
        2 => Delimited(number, dice.Bytes(dice.Below(6))),
        3 when depth <= MaxDepth => [.. Tag(number, 3), .. Untyped(1 + dice.Below(20), dice.Below(6), depth + 1), .. EndOf(Tag(dice.OneIn(8) ? number ^ 1 : number, 3))],
        _ => Tag(number, wireType),
    };

    private byte[] Number(int wireType) => wireType switch
    {
        0 => Varint(dice.Pick<ulong>(0, 1, EdgeValues.UInt64(dice), (ulong)EdgeValues.Int32(dice))),
        1 => BitConverter.GetBytes(dice.Pick<ulong>(0, BitConverter.DoubleToUInt64Bits(EdgeValues.Double(dice)), dice.Next())),
        _ => BitConverter.GetBytes(dice.Pick<uint>(0, BitConverter.SingleToUInt32Bits(EdgeValues.Float(dice)), (uint)dice.Next())),
    };

    private byte[] Delimited(int number, byte[] content) => [.. Tag(number, 2), .. Varint((ulong)content.Length), .. content];

    private byte[] Tag(int number, int wireType) => Varint(((ulong)(uint)number << 3) | (uint)wireType);

    // The end tag is the start tag plus one: the last of its bytes that changes is the first.
    private static byte[] EndOf(byte[] start) => [(byte)(start[0] + 1), .. start[1..]];

    /// <summary>A varint, now and then with more bytes than its value needs.</summary>
    private byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        if (dice.OneIn(200))
        {
            bytes[^1] |= 0x80;
            bytes.AddRange(Enumerable.Repeat((byte)0x80, dice.Below(4)));
            bytes.Add(0);
        }

        return [.. bytes];
    }
}
