using System.Buffers;
using Gateway.Core.Wire;

namespace Gateway.Api.Usage;

/// <summary>The string, bytes and message fields of a message that lies in several pieces, one after the other, without copying.</summary>
/// <param name="message">The wire bytes; where they are malformed, the fields end.</param>
internal ref struct SequenceFields(in ReadOnlySequence<byte> message)
{
    private SequenceReader<byte> _reader = new(message);

    /// <summary>Finds the next one.</summary>
    /// <param name="number">The field's number.</param>
    /// <param name="value">Its bytes.</param>
    /// <returns>False when there is none.</returns>
    public bool TryRead(out int number, out ReadOnlySequence<byte> value)
    {
        var groups = 0; // what is in a group, which nothing here knows, is no field of the message
        while (TryReadVarint(out var tag))
        {
            var type = (WireType)(tag & 7);
            if (type == WireType.LengthDelimited)
            {
                if (!TryReadVarint(out var length) || length > (ulong)_reader.Remaining)
                {
                    break;
                }

                value = _reader.UnreadSequence.Slice(0, (long)length);
                _reader.Advance((long)length);
                if (groups == 0)
                {
                    number = (int)(tag >> 3);
                    return true;
                }
            }
            else if (!TrySkip(type, ref groups))
            {
                break;
            }
        }

        (number, value) = (0, default);
        return false;
    }

    private bool TrySkip(WireType type, ref int groups)
    {
        switch (type)
        {
            case WireType.Varint:
                return TryReadVarint(out _);
            case WireType.Fixed32:
                return TryAdvance(sizeof(uint));
            case WireType.Fixed64:
                return TryAdvance(sizeof(ulong));
            case WireType.StartGroup:
                groups++;
                return true;
            case WireType.EndGroup:
                return --groups >= 0;
            default:
                return false;
        }
    }

    private bool TryAdvance(int count)
    {
        if (_reader.Remaining < count)
        {
            return false;
        }

        _reader.Advance(count);
        return true;
    }

    private bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 7 * Varint.MaxBytes && _reader.TryRead(out var next); shift += 7)
        {
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}
