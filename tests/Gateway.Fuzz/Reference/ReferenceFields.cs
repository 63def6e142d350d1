namespace Gateway.Fuzz.Reference;

/// <summary>Reads the fields of one message as far as they can be read, the fields in its groups too.</summary>
internal ref struct ReferenceFields(ReadOnlySpan<byte> bytes)
{
    private const int MaxVarint = 10;
    private const int MaxTag = 5;

    private readonly int _length = bytes.Length;
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>The offset behind what was read.</summary>
    public readonly int Position => _length - _rest.Length;

    /// <summary>The offset behind the field's tag.</summary>
    public int ValueStart { get; private set; }

    /// <summary>Whether there was more than could be read, or a group has no end.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>How many groups are open.</summary>
    public int Groups { get; private set; }

    /// <summary>Whether a tag so far was longer than tags are.</summary>
    public bool HasWideTag { get; private set; }

    /// <summary>Whether a length so far was longer than any message.</summary>
    public bool HasWideLength { get; private set; }

    /// <summary>The field's number.</summary>
    public int Number { get; private set; }

    /// <summary>How its value is laid out; 3 and 4 are the start and the end of a group.</summary>
    public int WireType { get; private set; }

    /// <summary>The value's bytes.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Whether the bytes are fields from their first to their last.</summary>
    public static bool AreReadable(ReadOnlySpan<byte> bytes)
    {
        var reader = new ReferenceFields(bytes);
        while (reader.TryRead())
        {
        }

        return !reader.IsMalformed;
    }

    /// <summary>Reads the next field; false when there is none, or it is malformed.</summary>
    public bool TryRead()
    {
        var isThere = _rest.Length > 0;
        var read = isThere && TryTag() && TryValue();
        IsMalformed = isThere ? !read : Groups > 0;
        return read;
    }

    private bool TryTag()
    {
        var before = _rest.Length;
        var read = TryVarint(out var tag);
        HasWideTag |= read && (tag > uint.MaxValue || before - _rest.Length > MaxTag);
        (Number, WireType, ValueStart) = ((int)((uint)tag >> 3), (int)(tag & 7), Position);
        return read;
    }

    private bool TryValue()
    {
        var start = _rest;
        switch (WireType)
        {
            case 0:
                var read = TryVarint(out _);
                Value = start[..(start.Length - _rest.Length)];
                return read;
            case 1:
                return TryTake(sizeof(ulong));
            case 2:
                var hasLength = TryVarint(out var length);
                HasWideLength |= length > int.MaxValue;
                return hasLength && TryTake(length);
            case 3:
                Groups++;
                return true;
            case 4:
                Groups--;
                return Groups >= 0;
            default:
                return WireType == 5 && TryTake(sizeof(uint));
        }
    }

    private bool TryTake(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            return false;
        }

        Value = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return true;
    }

    private bool TryVarint(out ulong value)
    {
        value = 0;
        for (var i = 0; i < Math.Min(_rest.Length, MaxVarint); i++)
        {
            value |= (ulong)(_rest[i] & 0x7F) << (7 * i);
            if (_rest[i] < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
