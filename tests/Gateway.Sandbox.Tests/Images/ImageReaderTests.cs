using System.Runtime.InteropServices;
using Gateway.Sandbox.Images;

namespace Gateway.Sandbox.Tests.Images;

/// <summary>Pictures of foreign encoders, beside what ImageMagick decodes from them.</summary>
public class ImageReaderTests
{
    // Of lossy pictures, whose blocks are as large as the squares in them.
    private const int Rounding = 8;

    public static TheoryData<string> PngFixtures => [.. Fixture.Names("png", ".png")];

    public static TheoryData<string> Pictures => [.. Fixture.Names("pictures", ".rgba")];

    [Theory]
    [MemberData(nameof(PngFixtures))]
    public void Png_OfEveryKind_IsWhatImageMagickDecodes(string name)
    {
        var bitmap = Decode(Fixture.Read($"png/{name}.png"));

        AssertNear(Fixture.Read($"png/{name}.rgba"), bitmap, name == "rgba16" ? 1 : 0);
    }

    [Fact]
    public void PngFixtures_CoverEveryColorTypeDepthAndInterlacing()
    {
        var kinds = Fixture.Names("png", ".png").Select(name => Fixture.Read($"png/{name}.png")).Select(file => (ColorType: file[25], Depth: file[24])).Distinct();

        // Table 11.1 of the PNG specification.
        Assert.Equal(
            [(0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8), (4, 8), (4, 16), (6, 8), (6, 16)],
            kinds.Select(kind => ((int)kind.ColorType, (int)kind.Depth)).Order());
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Picture_OfEveryFormat_AndHeldInEveryWay_IsWhatImageMagickDecodes(string name)
    {
        var bitmap = Decode(Fixture.Read($"pictures/{name}"));

        AssertNear(Fixture.Read($"pictures/{name}.rgba"), bitmap, Rounding);
    }

    [Theory]
    [InlineData("pictures/exif1.jpg", "jpeg", 48, 32)]
    [InlineData("pictures/exif6.jpg", "jpeg", 32, 48)]
    [InlineData("pictures/plain.bmp", "bmp", 48, 32)]
    [InlineData("pictures/palette.gif", "gif", 48, 32)]
    [InlineData("pictures/lossy.webp", "webp", 48, 32)]
    [InlineData("headers/40x24-extended.webp", "webp", 24, 40)]
    [InlineData("headers/40x24-core.bmp", "bmp", 40, 24)]
    [InlineData("png/rgba8.png", "png", 13, 11)]
    public void Header_TellsFormat_AndSizeAsDisplayed(string file, string format, int width, int height)
    {
        Assert.True(ImageReader.TryDecode(Fixture.Read(file), out var header, out var bitmap, out _));

        Assert.Equal((format, width, height), (ImageReader.NameOf(header.Format), header.Width, header.Height));
        Assert.Equal((width, height), (bitmap.Width, bitmap.Height));
    }

    [Theory]
    [InlineData("pictures/exif1.jpg", "jpeg")]
    [InlineData("pictures/plain.bmp", "bmp")]
    [InlineData("pictures/palette.gif", "gif")]
    [InlineData("png/rgb8-trns.png", "png")]
    public void Picture_CutShort_IsAnError(string file, string format)
    {
        const int End = 40; // in it, some formats have nothing but that they end
        var whole = Fixture.Read(file);

        Assert.All(Enumerable.Range(0, whole.Length - End), length => Assert.NotNull(ErrorOf(whole[..length])));
        Assert.Equal($"the {format} image is damaged or cut short", ErrorOf(whole[..^End]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("GIF89a")]
    [InlineData("BM")]
    [InlineData("P6\n1 1\n255\nrgb")]
    [InlineData("RIFF0000WEBPVP8X")]
    public void Bytes_ThatAreNoPicture_AreAnError(string file)
    {
        Assert.Equal(
            "the bytes are not a PNG, JPEG, GIF, BMP or WebP image, or its header is damaged", ErrorOf(System.Text.Encoding.ASCII.GetBytes(file)));
    }

    [Theory]
    [InlineData(4801, 5000, 24_000_000)]
    [InlineData(8000, 6251, 50_000_000)]
    public void Picture_OfTooManyPixels_IsRefused_BeforeMemoryIsTaken(int width, int height, int limit)
    {
        var file = PngFiles.Of(("IHDR", PngFiles.Header(width, height)), ("IDAT", PngFiles.Deflate(0, 200)), ("IEND", []));
        ErrorOf(file);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal($"the png image has {(long)width * height} pixels, more than the limit of {limit}", ErrorOf(file));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
    }

    [Fact]
    public void Jpeg_OfMorePixelsThanAreDecoded_ComesSmaller()
    {
        using var large = new SkiaSharp.SKBitmap(7000, 5000);
        large.Erase(SkiaSharp.SKColors.Teal);
        using var file = large.Encode(SkiaSharp.SKEncodedImageFormat.Jpeg, 90);

        Assert.True(ImageReader.TryDecode(file.ToArray(), out var header, out var bitmap, out _));

        Assert.Equal((7000, 5000), (header.Width, header.Height));
        Assert.InRange((long)bitmap.Width * bitmap.Height, 6_000_000, ImageLimits.MaxDecodedPixels);
    }

    [Fact]
    public void File_OfMoreBytesThanTheLimit_IsRefused()
    {
        Assert.Equal("the image has 20000001 bytes, more than the limit of 20000000", ErrorOf(new byte[20_000_001]));
    }

    [Theory]
    [MemberData(nameof(PngFixtures))]
    public void Encode_Decoded_IsTheSameBitmap(string name)
    {
        var bitmap = Decode(Fixture.Read($"png/{name}.png"));

        var again = Decode(PngEncoder.Encode(bitmap));

        Assert.Equal((bitmap.Width, bitmap.Height), (again.Width, again.Height));
        Assert.Equal(bitmap.Pixels.ToArray(), again.Pixels.ToArray());
    }

    private static Bitmap Decode(byte[] file)
    {
        Assert.True(ImageReader.TryDecode(file, out _, out var bitmap, out var error), error);
        return bitmap;
    }

    private static string? ErrorOf(byte[] file)
    {
        var decoded = ImageReader.TryDecode(file, out _, out var bitmap, out var error);
        Assert.Equal(decoded, bitmap is not null);
        Assert.Equal(decoded, error is null);
        return error;
    }

    // What nobody sees may have any colour.
    private static void AssertNear(byte[] expected, Bitmap actual, int tolerance)
    {
        var seen = MemoryMarshal.Cast<byte, Rgba>(expected).ToArray();
        Assert.Equal(seen.Length, actual.Pixels.Length);
        foreach (var (pixel, other) in seen.Zip(actual.Pixels.ToArray()).Where(pair => pair.First.A > 0))
        {
            Assert.InRange(Math.Abs(pixel.R - other.R), 0, tolerance);
            Assert.InRange(Math.Abs(pixel.G - other.G), 0, tolerance);
            Assert.InRange(Math.Abs(pixel.B - other.B), 0, tolerance);
            Assert.InRange(Math.Abs(pixel.A - other.A), 0, tolerance);
        }
    }
}
