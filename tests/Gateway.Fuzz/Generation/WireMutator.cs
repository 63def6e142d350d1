using Google.Protobuf.Reflection;

namespace Gateway.Fuzz.Generation;

/// <summary>Changes wire bytes: some results are still messages, with fields in odd orders and forms, others are not.</summary>
internal sealed class WireMutator(Dice dice)
{
    private readonly RandomWire _random = new(dice);

    /// <summary>Some changes to a message of the type, one mostly.</summary>
    /// <param name="type">The type.</param>
    /// <param name="wire">The message.</param>
    /// <param name="other">Another message of the type.</param>
    public byte[] Mutate(MessageDescriptor type, byte[] wire, byte[] other)
    {
        for (var count = dice.Pick(1, 1, 2, 3, 5); count > 0; count--)
        {
            wire = MutateOnce(type, wire, other);
        }

        return wire;
    }

    private byte[] MutateOnce(MessageDescriptor type, byte[] wire, byte[] other)
    {
        var at = dice.Below(wire.Length + 1);
        var until = Math.Min(wire.Length, at + dice.Size(3, wire.Length));
        return dice.Below(12) switch
        {
            0 => wire[..at],
            1 => [.. wire[..at], .. wire[until..]],
            2 => [.. wire[..at], .. dice.Bytes(1 + dice.Below(3)), .. wire[at..]],
            3 => [.. wire[..until], .. wire[at..]],
            4 => [.. wire, .. other],
            5 => [.. other[..dice.Below(other.Length + 1)], .. wire],
            6 => [.. wire, .. _random.Field(type)],
            7 => [.. _random.Field(type), .. wire],
            8 => [.. wire[..at], .. Overlong(), .. wire[at..]],
            9 => _random.Nested(type, wire),
            10 when dice.OneIn(4) => [.. wire, .. _random.Groups(dice.Pick(1, 2, 63, 64, 65, 99, 100, 101))],
            _ => Change(wire),
        };
    }

    private byte[] Change(byte[] wire)
    {
        byte[] changed = [.. wire];
        if (changed.Length > 0)
        {
            var at = dice.Below(changed.Length);
            changed[at] = dice.Pick((byte)(changed[at] ^ (1 << dice.Below(8))), (byte)(changed[at] + 1), (byte)(changed[at] - 1), (byte)0, (byte)0xFF, (byte)0x80, (byte)0x7F);
        }

        return changed;
    }

    /// <summary>A varint with more bytes than its value needs, and now and then than any may have.</summary>
    private byte[] Overlong() =>
        [.. Enumerable.Range(0, 1 + dice.Below(11)).Select(_ => (byte)(0x80 | (dice.OneIn(2) ? 0 : dice.Below(128)))), (byte)dice.Below(128)];
}
