using System.Buffers;
using System.Buffers.Binary;

namespace Gateway.Core.Wire;

/// <summary>
/// Writes protobuf wire bytes, append-only, into pooled segments: nothing is copied as the message grows, and the memory held stays
/// near the bytes written. Reusable after <see cref="Reset"/>; not thread-safe.
/// </summary>
/// <remarks>
/// A nested message, a packed run and a string that arrives in pieces all have a length in front that is known only at their end.
/// <see cref="BeginLength"/> therefore reserves one byte, and <see cref="EndLength"/> fills it in. A length that needs n bytes shifts
/// what follows its slot by n - 1, but only within the slot's own segment, which keeps room for that:
/// <code>
///   capacity      |tag|len|content ......................| slack: 4 bytes for each slot still open in the segment |
/// </code>
/// So lengths stay minimal, writing stays one pass, and closing a slot moves at most one segment.
/// </remarks>
public sealed class WireWriter : IBufferWriter<byte>, IByteSink, IDisposable
{
    /// <summary>Small, because most requests are.</summary>
    private const int FirstSegmentSize = 4 * 1024;

    /// <summary>Large enough to amortise renting, small enough that the unused rest of the last one hardly counts.</summary>
    private const int LargestSegmentSize = SegmentPool.SegmentSize;

    /// <summary>A length below 2 GiB takes five bytes at most, and the slot holds the first of them.</summary>
    private const int SlackPerSlot = 4;

    private readonly ArrayPool<byte> _pool;
    private readonly List<WireSegment> _segments = [];
    private LengthSlot[] _slots = new LengthSlot[16];
    private int _slotCount;

    private byte[] _buffer = [];
    private int _current = -1;
    private int _at;
    private int _limit;
    private long _before;

    /// <summary>Makes an empty writer, which rents its first segment with the first byte.</summary>
    /// <param name="pool">Where segments come from; the shared pool when left out.</param>
    public WireWriter(ArrayPool<byte>? pool = null) => _pool = pool ?? ArrayPool<byte>.Shared;

    /// <summary>The bytes written so far.</summary>
    public long Length => _before + _at;

    /// <summary>How many values are open, innermost included: <see cref="BeginLength"/> without its <see cref="EndLength"/>.</summary>
    public int OpenLengths => _slotCount;

    /// <summary>
    /// What was written, valid until the next write, <see cref="Reset"/> or <see cref="Dispose"/>; the writer owns the memory.
    /// </summary>
    public ReadOnlySequence<byte> Written
    {
        get
        {
            if (_current <= 0)
            {
                return new ReadOnlySequence<byte>(_buffer, 0, _at);
            }

            LinkSegments();
            return new ReadOnlySequence<byte>(_segments[0], 0, _segments[_current], _at);
        }
    }

    /// <summary>Where the writer stands, for <see cref="Rewind"/>.</summary>
    public WireMark Mark => new(_current, _at, _slotCount);

    /// <summary>Writes a field's tag.</summary>
    /// <param name="tag">The encoded tag; an empty one writes nothing.</param>
    public void WriteTag(WireTag tag)
    {
        Reserve(sizeof(ulong));
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer.AsSpan(_at), tag.Bytes);
        _at += tag.Length;
    }

    /// <summary>Writes one byte as it is.</summary>
    /// <param name="value">The byte.</param>
    public void WriteByte(byte value)
    {
        Reserve(1);
        _buffer[_at++] = value;
    }

    /// <summary>Writes a varint.</summary>
    /// <param name="value">Negative numbers of 32 and 64 bits are sign-extended to 64 bits by the caller.</param>
    public void WriteVarint(ulong value)
    {
        Reserve(Varint.MaxBytes);
        _at += Varint.Write(_buffer.AsSpan(_at), value);
    }

    /// <summary>Writes four bytes, little-endian.</summary>
    /// <param name="value">The bits.</param>
    public void WriteFixed32(uint value)
    {
        Reserve(sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(_at), value);
        _at += sizeof(uint);
    }

    /// <summary>Writes eight bytes, little-endian.</summary>
    /// <param name="value">The bits.</param>
    public void WriteFixed64(ulong value)
    {
        Reserve(sizeof(ulong));
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer.AsSpan(_at), value);
        _at += sizeof(ulong);
    }

    /// <summary>Writes bytes as they are, over as many segments as they need.</summary>
    /// <param name="bytes">Any number of bytes.</param>
    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > _limit - _at)
        {
            var room = _limit - _at;
            bytes[..room].CopyTo(_buffer.AsSpan(_at));
            _at += room;
            bytes = bytes[room..];
            AddSegment(1);
        }

        bytes.CopyTo(_buffer.AsSpan(_at));
        _at += bytes.Length;
    }

    /// <summary>Writes a length and that many bytes.</summary>
    /// <param name="bytes">The value of a string, bytes or message field that is at hand as a whole.</param>
    public void WriteLengthDelimited(ReadOnlySpan<byte> bytes)
    {
        WriteVarint((uint)bytes.Length);
        WriteBytes(bytes);
    }

    /// <summary>Opens a value whose length is known only at <see cref="EndLength"/>; these nest.</summary>
    public void BeginLength()
    {
        Reserve(1 + SlackPerSlot);
        if (_slotCount == _slots.Length)
        {
            Array.Resize(ref _slots, _slots.Length * 2);
        }

        _slots[_slotCount++] = new LengthSlot(_current, _at, _before + _at + 1);
        _at++;
        _limit -= SlackPerSlot;
    }

    /// <summary>Closes the value that the latest <see cref="BeginLength"/> opened and puts its length in front of it.</summary>
    /// <exception cref="InvalidOperationException">The value is over 2 GiB, more than protobuf allows.</exception>
    public void EndLength()
    {
        var slot = _slots[--_slotCount];
        var length = Length - slot.ContentStart;
        if (length > int.MaxValue)
        {
            throw new InvalidOperationException("A protobuf value is over 2 GiB.");
        }

        var extra = Varint.Size((ulong)length) - 1;
        if (slot.Segment == _current)
        {
            Fill(_buffer, slot.Offset, _at, extra, (ulong)length);
            _at += extra;
            _limit += SlackPerSlot;
            return;
        }

        var segment = _segments[slot.Segment];
        Fill(segment.Buffer, slot.Offset, segment.Length, extra, (ulong)length);
        segment.Length += extra;
        _before += extra;
    }

    /// <summary>Takes back everything written since <paramref name="mark"/>, values opened since then included.</summary>
    /// <param name="mark">A <see cref="Mark"/> of this writer; none of the values open at that time may have been closed.</param>
    public void Rewind(WireMark mark)
    {
        while (_current > Math.Max(mark.Segment, 0))
        {
            _segments[_current--].ReturnTo(_pool);
            _before -= _current >= 0 ? _segments[_current].Length : 0;
        }

        _slotCount = mark.SlotCount;
        if (_current >= 0)
        {
            _buffer = _segments[_current].Buffer;
            _at = mark.Offset;
            _limit = _buffer.Length - SlackPerSlot * OpenSlotsInCurrent();
        }
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_limit - _at));
        _at += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_at, _limit - _at);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsSpan(_at, _limit - _at);
    }

    /// <summary>Empties the writer and gives its segments back; <see cref="Written"/> of before must not be used any more.</summary>
    public void Reset()
    {
        for (var i = 0; i <= _current; i++)
        {
            _segments[i].ReturnTo(_pool);
        }

        Forget();
    }

    /// <summary>Hands on what was written and empties the writer; each segment is given back as soon as it is taken.</summary>
    /// <param name="sink">Takes the bytes, until it wants no more.</param>
    public void Drain(IByteSink sink)
    {
        var goesOn = true;
        for (var i = 0; i <= _current; i++)
        {
            var segment = _segments[i];
            goesOn = goesOn && sink.Feed(segment.Buffer.AsSpan(0, i < _current ? segment.Length : _at));
            segment.ReturnTo(_pool);
        }

        Forget();
    }

    /// <inheritdoc/>
    public void Dispose() => Reset();

    /// <inheritdoc/>
    bool IByteSink.Feed(ReadOnlySpan<byte> chunk)
    {
        WriteBytes(chunk);
        return true;
    }

    private void Forget()
    {
        _buffer = [];
        _current = -1;
        (_at, _limit, _slotCount, _before) = (0, 0, 0, 0);
    }

    private static void Fill(byte[] buffer, int slot, int end, int extra, ulong length)
    {
        if (extra > 0)
        {
            var start = slot + 1;
            buffer.AsSpan(start, end - start).CopyTo(buffer.AsSpan(start + extra));
        }

        Varint.Write(buffer.AsSpan(slot), length);
    }

    private void Reserve(int count)
    {
        if (_limit - _at < count)
        {
            AddSegment(count);
        }
    }

    private void AddSegment(int atLeast)
    {
        var size = FirstSegmentSize;
        if (_current >= 0)
        {
            _segments[_current].Length = _at;
            _before += _at;
            size = Math.Min(_buffer.Length * 2, LargestSegmentSize);
        }

        if (++_current == _segments.Count)
        {
            _segments.Add(new WireSegment());
        }

        _buffer = _pool.Rent(Math.Max(size, atLeast));
        _segments[_current].Attach(_buffer);
        _at = 0;
        _limit = _buffer.Length;
    }

    private int OpenSlotsInCurrent()
    {
        var open = 0;
        for (var i = _slotCount - 1; i >= 0 && _slots[i].Segment == _current; i--)
        {
            open++;
        }

        return open;
    }

    private void LinkSegments()
    {
        _segments[_current].Length = _at;
        long index = 0;
        for (var i = 0; i <= _current; i++)
        {
            _segments[i].Link(index, i < _current ? _segments[i + 1] : null);
            index += _segments[i].Length;
        }
    }

    private readonly record struct LengthSlot(int Segment, int Offset, long ContentStart);
}
