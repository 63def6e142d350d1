using System.Buffers.Binary;

namespace Gateway.Sandbox.Images.Headers;

/// <summary>
/// The header of a BMP file: a 14-byte file header, then the size of the bitmap header, then width and height;
/// 16 bits each in the 12-byte core header, else 32 bits signed, where a negative height means rows from the top.
/// </summary>
internal static class BmpHeader
{
    private const int CoreHeaderSize = 12;

    public static (int Width, int Height)? SizeOf(ReadOnlySpan<byte> file)
    {
        if (file.Length < 26)
        {
            return null;
        }

        var header = file[14..];
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) == CoreHeaderSize)
        {
            return (BinaryPrimitives.ReadUInt16LittleEndian(header[4..]), BinaryPrimitives.ReadUInt16LittleEndian(header[6..]));
        }

        var height = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        if (height == int.MinValue)
        {
            return null;
        }

        return (BinaryPrimitives.ReadInt32LittleEndian(header[4..]), Math.Abs(height));
    }
}
