using System.Buffers.Binary;
using System.Text;

namespace Gateway.Sandbox.Images.Png;

/// <summary>One chunk (PNG specification, section 5.3): length(4) type(4) data(length) checksum of type and data(4).</summary>
internal readonly record struct PngChunk(uint Type, ReadOnlyMemory<byte> Data)
{
    public const uint Header = 0x49484452; // IHDR
    public const uint Palette = 0x504C5445; // PLTE
    public const uint Transparency = 0x74524E53; // tRNS
    public const uint ImageData = 0x49444154; // IDAT
    public const uint End = 0x49454E44; // IEND

    private const int LengthAndType = 8;
    private const int Checksum = 4;

    /// <summary>A decoder may pass over a chunk whose type starts with a small letter, and no other.</summary>
    public bool IsCritical => (Type & 0x20000000) == 0;

    /// <summary>The four letters of the type.</summary>
    public string Name
    {
        get
        {
            Span<byte> letters = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(letters, Type);
            return Encoding.Latin1.GetString(letters);
        }
    }

    /// <summary>Takes the next chunk off the rest of a file; false, with the reason, where it is cut short or damaged.</summary>
    public static bool TryTake(ref ReadOnlyMemory<byte> rest, out PngChunk chunk, out string? error)
    {
        chunk = default;
        if (rest.Length < LengthAndType + Checksum)
        {
            return Fail("the file ends before its IEND chunk", out error);
        }

        var span = rest.Span;
        var length = BinaryPrimitives.ReadUInt32BigEndian(span);
        if (length > rest.Length - LengthAndType - Checksum)
        {
            return Fail("the file ends within a chunk", out error);
        }

        var dataLength = (int)length;
        chunk = new PngChunk(BinaryPrimitives.ReadUInt32BigEndian(span[4..]), rest.Slice(LengthAndType, dataLength));
        var expected = BinaryPrimitives.ReadUInt32BigEndian(span[(LengthAndType + dataLength)..]);
        if (Crc32.Of(span.Slice(4, 4), chunk.Data.Span) != expected)
        {
            return Fail($"the checksum of chunk {chunk.Name} is wrong", out error);
        }

        rest = rest[(LengthAndType + dataLength + Checksum)..];
        error = null;
        return true;
    }

    private static bool Fail(string reason, out string error)
    {
        error = reason;
        return false;
    }
}
