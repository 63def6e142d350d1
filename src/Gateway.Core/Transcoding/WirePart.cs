using Gateway.Core.Schema;
using Gateway.Core.Wire;

namespace Gateway.Core.Transcoding;

/// <summary>One value on the wire: bits when it is a number, bytes when it has a length in front.</summary>
internal readonly record struct WirePart(ulong Bits, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Reads the value that the reader, which reads <paramref name="message"/>, stands in front of.</summary>
    public static WirePart Read(FieldPlan field, ReadOnlyMemory<byte> message, ref WireReader reader)
    {
        if (field.WireType != WireType.LengthDelimited)
        {
            reader.TryReadBits(field.WireType, out var bits);
            return new WirePart(bits, default);
        }

        return reader.TryReadLengthDelimited(out var value)
            ? new WirePart(0, message[(reader.Position - value.Length)..reader.Position])
            : default;
    }

    /// <summary>
    /// Reads the last value of a field, which is the one that counts; its zero when there is none. False when the message is malformed.
    /// </summary>
    public static bool TryReadLast(FieldPlan field, ReadOnlyMemory<byte> message, out WirePart last)
    {
        last = default;
        var reader = new WireReader(message.Span);
        while (!reader.IsAtEnd)
        {
            var start = reader.Position;
            if (!reader.TryReadTag(out var tag) || !reader.TrySkip(tag))
            {
                return false;
            }

            if (tag == field.Tag.Value)
            {
                var again = new WireReader(message.Span, start);
                again.TryReadTag(out _);
                last = Read(field, message, ref again);
            }
        }

        return true;
    }
}
