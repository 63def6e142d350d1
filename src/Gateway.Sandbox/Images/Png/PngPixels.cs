using System.Buffers.Binary;

namespace Gateway.Sandbox.Images.Png;

/// <summary>Turns the samples of restored rows into pixels of 8 bits a channel. Gamma and colour profiles are not applied.</summary>
internal sealed class PngPixels
{
    private readonly PngHeader _header;
    private readonly Rgba[] _palette;

    // The one gray or colour that tRNS makes transparent, in the file's own sample width.
    private readonly (int R, int G, int B)? _transparent;

    public PngPixels(PngFile file)
    {
        _header = file.Header;
        _palette = PaletteOf(file);
        _transparent = TransparentSamplesOf(file);
    }

    /// <summary>The pixel at a place in a row; null where it names a palette entry that is not there.</summary>
    public Rgba? Read(ReadOnlySpan<byte> row, int index)
    {
        var first = index * _header.SamplesPerPixel;
        switch (_header.ColorType)
        {
            case PngColorType.Palette:
                var entry = Sample(row, first);
                return entry < _palette.Length ? _palette[entry] : null;
            case PngColorType.Gray:
                return Opaque(Sample(row, first));
            case PngColorType.GrayAlpha:
                var gray = Scale(Sample(row, first));
                return new Rgba(gray, gray, gray, Scale(Sample(row, first + 1)));
            case PngColorType.Rgb:
                return Opaque(Sample(row, first), Sample(row, first + 1), Sample(row, first + 2));
            default:
                return new Rgba(
                    Scale(Sample(row, first)), Scale(Sample(row, first + 1)), Scale(Sample(row, first + 2)), Scale(Sample(row, first + 3)));
        }
    }

    private Rgba Opaque(int gray) => Opaque(gray, gray, gray);

    private Rgba Opaque(int r, int g, int b) =>
        new(Scale(r), Scale(g), Scale(b), _transparent == (r, g, b) ? (byte)0 : (byte)255);

    private int Sample(ReadOnlySpan<byte> row, int index)
    {
        if (_header.BitDepth == 8)
        {
            return row[index];
        }

        if (_header.BitDepth == 16)
        {
            return BinaryPrimitives.ReadUInt16BigEndian(row[(2 * index)..]);
        }

        // Smaller samples are packed into bytes, the leftmost in the high bits.
        var bit = index * _header.BitDepth;
        var shift = 8 - _header.BitDepth - (bit & 7);
        return (row[bit >> 3] >> shift) & ((1 << _header.BitDepth) - 1);
    }

    private byte Scale(int sample)
    {
        if (_header.BitDepth == 8)
        {
            return (byte)sample;
        }

        var max = (1 << _header.BitDepth) - 1;
        return (byte)(((sample * 255) + (max / 2)) / max);
    }

    private static Rgba[] PaletteOf(PngFile file)
    {
        var colors = file.Palette.Span;
        var alphas = file.Transparency.Span;
        var palette = new Rgba[colors.Length / 3];
        for (var i = 0; i < palette.Length; i++)
        {
            palette[i] = new Rgba(colors[3 * i], colors[(3 * i) + 1], colors[(3 * i) + 2], i < alphas.Length ? alphas[i] : (byte)255);
        }

        return palette;
    }

    private static (int R, int G, int B)? TransparentSamplesOf(PngFile file)
    {
        var samples = file.Transparency.Span;
        if (samples.IsEmpty || file.Header.ColorType == PngColorType.Palette)
        {
            return null;
        }

        int first = BinaryPrimitives.ReadUInt16BigEndian(samples);
        if (file.Header.ColorType == PngColorType.Gray)
        {
            return (first, first, first);
        }

        return (first, BinaryPrimitives.ReadUInt16BigEndian(samples[2..]), BinaryPrimitives.ReadUInt16BigEndian(samples[4..]));
    }
}
