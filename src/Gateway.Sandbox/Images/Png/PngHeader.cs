using System.Buffers.Binary;

namespace Gateway.Sandbox.Images.Png;

/// <summary>
/// The IHDR chunk (PNG specification, section 11.2.2): width(4) height(4) bit depth(1) colour type(1) compression(1)
/// filter(1) interlace(1), the numbers big endian.
/// </summary>
internal readonly record struct PngHeader(int Width, int Height, int BitDepth, PngColorType ColorType, bool Interlaced)
{
    private const int Length = 13;

    /// <summary>Where IHDR's data starts in a file: after the signature, a length and a type.</summary>
    private const int Offset = 16;

    public int SamplesPerPixel => ColorType switch
    {
        PngColorType.GrayAlpha => 2,
        PngColorType.Rgb => 3,
        PngColorType.Rgba => 4,
        _ => 1,
    };

    public int BitsPerPixel => SamplesPerPixel * BitDepth;

    /// <summary>How far back the filters look for the corresponding byte of the pixel before: at least one byte.</summary>
    public int FilterDistance => Math.Max(1, BitsPerPixel / 8);

    /// <summary>The bytes of one row of so many pixels, without its filter byte.</summary>
    public int RowBytes(int pixels) => (int)((((long)pixels * BitsPerPixel) + 7) / 8);

    /// <summary>The dimensions of a file that starts with the signature, or null where it is cut short.</summary>
    public static (int Width, int Height)? SizeOf(ReadOnlySpan<byte> file)
    {
        if (file.Length < Offset + Length || !file[12..].StartsWith("IHDR"u8))
        {
            return null;
        }

        return (BinaryPrimitives.ReadInt32BigEndian(file[Offset..]), BinaryPrimitives.ReadInt32BigEndian(file[(Offset + 4)..]));
    }

    /// <summary>Reads the data of IHDR; null where the specification does not allow it.</summary>
    public static PngHeader? Parse(ReadOnlySpan<byte> data)
    {
        if (data.Length != Length || data[10] != 0 || data[11] != 0 || data[12] > 1)
        {
            return null;
        }

        var header = new PngHeader(
            BinaryPrimitives.ReadInt32BigEndian(data),
            BinaryPrimitives.ReadInt32BigEndian(data[4..]),
            data[8],
            (PngColorType)data[9],
            data[12] == 1);
        return header.IsAllowed ? header : null;
    }

    private bool IsAllowed => Width > 0 && Height > 0 && ColorType switch
    {
        PngColorType.Gray => BitDepth is 1 or 2 or 4 or 8 or 16,
        PngColorType.Palette => BitDepth is 1 or 2 or 4 or 8,
        PngColorType.Rgb or PngColorType.GrayAlpha or PngColorType.Rgba => BitDepth is 8 or 16,
        _ => false,
    };
}
