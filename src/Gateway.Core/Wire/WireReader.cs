using System.Buffers.Binary;
using System.Runtime.CompilerServices;

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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadTag(out uint tag)
    {
        var read = TryReadVarint(out var wide);
        tag = (uint)wide;
        return read && wide is >= 8 and <= uint.MaxValue && (tag & 7) <= (uint)WireType.Fixed32;
    }

    /// <summary>Reads a varint of up to ten bytes; bits beyond the 64th are dropped, as protobuf's own readers do.</summary>
    /// <param name="value">The value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadVarint(out ulong value)
    {
        if (_at < _bytes.Length && _bytes[_at] < 0x80)
        {
            value = _bytes[_at++];
            return true;
        }

        // Static, with copies: a reader whose address nobody takes lives in registers.
        (var end, value) = ReadLongVarint(_bytes, _at);
        _at = end;
        return end >= 0;
    }

    /// <summary>Reads the bits of a scalar as its wire type says.</summary>
    /// <param name="type">Varint, fixed 64 or fixed 32.</param>
    /// <param name="bits">The bits; those of a fixed 32 are the lower ones.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadBits(WireType type, out ulong bits)
    {
        switch (type)
        {
            case WireType.Varint:
                return TryReadVarint(out bits);
            case WireType.Fixed64:
                return TryReadFixed64(out bits);
            default:
                var read = TryReadFixed32(out var narrow);
                bits = narrow;
                return read;
        }
    }

    /// <summary>Reads four bytes, little-endian.</summary>
    /// <param name="value">The bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadFixed32(out uint value)
    {
        var read = BinaryPrimitives.TryReadUInt32LittleEndian(_bytes[_at..], out value);
        _at += sizeof(uint);
        return read;
    }

    /// <summary>Reads eight bytes, little-endian.</summary>
    /// <param name="value">The bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadFixed64(out ulong value)
    {
        var read = BinaryPrimitives.TryReadUInt64LittleEndian(_bytes[_at..], out value);
        _at += sizeof(ulong);
        return read;
    }

    /// <summary>Reads a length and that many bytes, without copying them.</summary>
    /// <param name="value">A part of the reader's own span.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadLengthDelimited(out ReadOnlySpan<byte> value)
    {
        if (!TryReadVarint(out var length) || length > (ulong)(_bytes.Length - _at))
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TrySkip(uint tag)
    {
        switch ((WireType)(tag & 7))
        {
            case WireType.LengthDelimited:
                return TryReadLengthDelimited(out _);
            case WireType.Varint:
                return TryReadVarint(out _);
            case WireType.Fixed32:
                return TryAdvance(sizeof(uint));
            case WireType.Fixed64:
                return TryAdvance(sizeof(ulong));
            case WireType.StartGroup:
                _at = SkipGroup(_bytes, _at, tag, MaxGroupDepth);
                return _at >= 0;
            default:
                return false;
        }
    }

    private bool TryAdvance(int count)
    {
        _at += count;
        return _at <= _bytes.Length;
    }

    /// <summary>The position behind a varint, -1 when it is malformed, and the varint's value.</summary>
    private static (int End, ulong Value) ReadLongVarint(ReadOnlySpan<byte> bytes, int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 7 * Varint.MaxBytes && at < bytes.Length; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return (at, value);
            }
        }

        return (-1, 0);
    }

    /// <summary>The position behind a group whose start tag was read; -1 when it is malformed.</summary>
    private static int SkipGroup(ReadOnlySpan<byte> bytes, int at, uint start, int depth)
    {
        var end = start + (WireType.EndGroup - WireType.StartGroup);
        var reader = new WireReader(bytes, at);
        while (depth > 0 && reader.TryReadTag(out var tag))
        {
            if (tag == end)
            {
                return reader._at;
            }

            if ((WireType)(tag & 7) != WireType.StartGroup)
            {
                if (!reader.TrySkip(tag))
                {
                    return -1;
                }
            }
            else
            {
                var behind = SkipGroup(bytes, reader._at, tag, depth - 1);
                if (behind < 0)
                {
                    return -1;
                }

                reader._at = behind;
            }
        }

        return -1;
    }
}
