using System.Buffers.Binary;

namespace Gateway.Sandbox.Images.Headers;

/// <summary>
/// The first chunk of a WebP file (RFC 9649) tells the dimensions: <c>VP8 </c> lossy (14 bits each after the start code),
/// <c>VP8L</c> lossless (14 bits each, minus one, packed), <c>VP8X</c> extended (24 bits each, minus one).
/// </summary>
internal static class WebPHeader
{
    private const int FirstChunkData = 20;

    public static (int Width, int Height)? SizeOf(ReadOnlySpan<byte> file)
    {
        if (file.Length < FirstChunkData + 10)
        {
            return null;
        }

        var kind = file.Slice(12, 4);
        var data = file[FirstChunkData..];
        if (kind.SequenceEqual("VP8 "u8))
        {
            return LossySize(data);
        }

        if (kind.SequenceEqual("VP8L"u8))
        {
            return LosslessSize(data);
        }

        if (kind.SequenceEqual("VP8X"u8))
        {
            return (Read24(data[4..]) + 1, Read24(data[7..]) + 1);
        }

        return null;
    }

    private static (int Width, int Height)? LossySize(ReadOnlySpan<byte> data)
    {
        if (!data[3..].StartsWith<byte>([0x9D, 0x01, 0x2A]))
        {
            return null;
        }

        return (BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF);
    }

    private static (int Width, int Height)? LosslessSize(ReadOnlySpan<byte> data)
    {
        if (data[0] != 0x2F)
        {
            return null;
        }

        var packed = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
        return ((int)(packed & 0x3FFF) + 1, (int)((packed >> 14) & 0x3FFF) + 1);
    }

    private static int Read24(ReadOnlySpan<byte> data) => data[0] | (data[1] << 8) | (data[2] << 16);
}
