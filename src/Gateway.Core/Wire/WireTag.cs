namespace Gateway.Core.Wire;

/// <summary>A field's tag, encoded once: up to five bytes in the low end of one word, so that writing it is a single store.</summary>
public readonly struct WireTag
{
    /// <summary>Encodes the tag of a field.</summary>
    /// <param name="number">The field's number, 1 to 2^29 - 1.</param>
    /// <param name="type">How its value is laid out.</param>
    public WireTag(int number, WireType type)
    {
        Value = ((uint)number << 3) | (uint)type;
        Span<byte> encoded = stackalloc byte[sizeof(ulong)];
        encoded.Clear();
        Length = Varint.Write(encoded, Value);
        Bytes = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(encoded);
    }

    /// <summary>The tag as the number that a reader sees.</summary>
    public uint Value { get; }

    /// <summary>The encoded bytes, first byte lowest.</summary>
    public ulong Bytes { get; }

    /// <summary>How many bytes count; 0 for no tag at all, as elements of a packed field have.</summary>
    public int Length { get; }

    /// <summary>Whether there is nothing to write.</summary>
    public bool IsEmpty => Length == 0;
}
