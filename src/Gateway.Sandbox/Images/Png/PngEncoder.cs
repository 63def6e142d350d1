using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Gateway.Sandbox.Images.Png;

/// <summary>Writes a bitmap as PNG: 8 bits a channel with opacity, not interlaced, rows unfiltered.</summary>
internal static class PngEncoder
{
    public static byte[] Encode(Bitmap bitmap)
    {
        var file = new MemoryStream();
        file.Write(PngSignature.Bytes);
        WriteChunk(file, PngChunk.Header, HeaderOf(bitmap));
        WriteChunk(file, PngChunk.ImageData, Compress(bitmap));
        WriteChunk(file, PngChunk.End, []);
        return file.ToArray();
    }

    private static byte[] HeaderOf(Bitmap bitmap)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, bitmap.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), bitmap.Height);
        header[8] = 8;
        header[9] = (byte)PngColorType.Rgba;
        return header;
    }

    private static ReadOnlySpan<byte> Compress(Bitmap bitmap)
    {
        var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (var y = 0; y < bitmap.Height; y++)
            {
                zlib.WriteByte(0);
                zlib.Write(MemoryMarshal.AsBytes(bitmap.Row(y)));
            }
        }

        return data.GetBuffer().AsSpan(0, (int)data.Length);
    }

    private static void WriteChunk(MemoryStream file, uint type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);

        Span<byte> name = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(name, type);
        file.Write(name);
        file.Write(data);

        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Of(name, data));
        file.Write(number);
    }
}
