using System.Buffers.Binary;

namespace Gateway.Core.Wire;

/// <summary>
/// Reads protobuf wire bytes from memory. Every read answers false on malformed or truncated bytes, after which the reader's position
/// means nothing; it never throws and never reads beyond its span.
/// </summary>
public ref struct WireReader
{
    /// <summary>How deep groups, which proto3 only skips, may nest.</summary>
    public const int MaxGroupDepth = 64;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;

    /// <summary>Reads a span from its start.</summary>
    /// <param name="bytes">One message, or part of one that starts at a tag.</param>
    /// <param name="position">Where to start.</param>
    public WireReader(ReadOnlySpan<byte> bytes, int position = 0)
    {
        _bytes = bytes;
        _at = position;
    }

    /// <summary>The offset of the next byte.</summary>
    public readonly int Position => _at;

    /// <summary>Whether all bytes were read.</summary>
    public readonly bool IsAtEnd => _at >= _bytes.Length;

    /// <summary>Reads a tag: a field number from 1 on and a known wire type.</summary>
    /// <param name="tag">The number shifted left by three, and the wire type.</param>
    public bool TryReadTag(out uint tag)
    {
        if (_at < _bytes.Length && _bytes[_at] is >= 8 and < 0x80)
        {
            tag = _bytes[_at++];
            return (tag & 7) <= (uint)WireType.Fixed32;
        }

        bool read = TryReadVarint(out ulong wide);
        tag = (uint)wide;
        return read && wide is >= 8 and <= uint.MaxValue && (tag & 7) <= (uint)WireType.Fixed32;
    }

    /// <summary>Reads a varint of up to ten bytes; bits beyond the 64th are dropped, as protobuf's own readers do.</summary>
    /// <param name="value">The value.</param>
    public bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 7 * Varint.MaxBytes; shift += 7)
        {
            if (_at >= _bytes.Length)
            {
                return false;
            }

            byte next = _bytes[_at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads four bytes, little-endian.</summary>
    /// <param name="value">The bits.</param>
    public bool TryReadFixed32(out uint value)
    {
        bool read = BinaryPrimitives.TryReadUInt32LittleEndian(_bytes[_at..], out value);
        _at += sizeof(uint);
        return read;
    }

    /// <summary>Reads eight bytes, little-endian.</summary>
    /// <param name="value">The bits.</param>
    public bool TryReadFixed64(out ulong value)
    {
        bool read = BinaryPrimitives.TryReadUInt64LittleEndian(_bytes[_at..], out value);
        _at += sizeof(ulong);
        return read;
    }

    /// <summary>Reads a length and that many bytes, without copying them.</summary>
    /// <param name="value">A part of the reader's own span.</param>
    public bool TryReadLengthDelimited(out ReadOnlySpan<byte> value)
    {
        if (!TryReadVarint(out ulong length) || length > (ulong)(_bytes.Length - _at))
        {
            value = default;
            return false;
        }

        value = _bytes.Slice(_at, (int)length);
        _at += (int)length;
        return true;
    }

    /// <summary>Skips the value of the tag that was read last; a group to its end tag.</summary>
    /// <param name="tag">The tag.</param>
    public bool TrySkip(uint tag) => TrySkip(tag, MaxGroupDepth);

    private bool TrySkip(uint tag, int groupDepth) => (WireType)(tag & 7) switch
    {
        WireType.Varint => TryReadVarint(out _),
        WireType.Fixed64 => TryAdvance(sizeof(ulong)),
        WireType.LengthDelimited => TryReadLengthDelimited(out _),
        WireType.Fixed32 => TryAdvance(sizeof(uint)),
        WireType.StartGroup => TrySkipGroup(tag, groupDepth),
        _ => false,
    };

    private bool TryAdvance(int count)
    {
        _at += count;
        return _at <= _bytes.Length;
    }

    private bool TrySkipGroup(uint start, int groupDepth)
    {
        uint end = start + (WireType.EndGroup - WireType.StartGroup);
        while (groupDepth > 0 && TryReadTag(out uint tag))
        {
            if (tag == end)
            {
                return true;
            }

            if (!TrySkip(tag, groupDepth - 1))
            {
                return false;
            }
        }

        return false;
    }
}
