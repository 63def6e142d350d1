using System.Text;
using Gateway.Sandbox.Images;

namespace Gateway.Sandbox.Tests.Images;

public class ImageHeaderTests
{
    [Theory]
    [InlineData("40x24.jpg", "jpeg")]
    [InlineData("40x24-progressive.jpg", "jpeg")]
    [InlineData("40x24-exif1.jpg", "jpeg")]
    [InlineData("40x24-exif4.jpg", "jpeg")]
    [InlineData("40x24.gif", "gif")]
    [InlineData("40x24.bmp", "bmp")]
    [InlineData("40x24-core.bmp", "bmp")]
    [InlineData("40x24-lossy.webp", "webp")]
    [InlineData("40x24-lossless.webp", "webp")]
    [InlineData("40x24-extended.webp", "webp")]
    [InlineData("40x24.pbm", "pnm")]
    [InlineData("40x24.pgm", "pnm")]
    [InlineData("40x24.ppm", "pnm")]
    [InlineData("40x24-plain.pbm", "pnm")]
    [InlineData("40x24-plain.pgm", "pnm")]
    [InlineData("40x24-plain.ppm", "pnm")]
    public void Header_OfForeignEncoders_TellsFormatAndSize(string file, string format)
    {
        Assert.True(ImageReader.TryReadHeader(Fixture.Read("headers/" + file), out var header, out _));

        Assert.Equal((format, 40, 24), (ImageReader.NameOf(header.Format), header.Width, header.Height));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Header_JpegTurnedByExif_HasTheSizeAsDisplayed(int orientation)
    {
        Assert.True(ImageReader.TryReadHeader(Fixture.Read($"headers/40x24-exif{orientation}.jpg"), out var header, out _));

        Assert.Equal((24, 40), (header.Width, header.Height));
    }

    [Fact]
    public void Header_JpegWithFillBytesBeforeMarkers_IsRead()
    {
        var jpeg = Fixture.Read("headers/40x24.jpg");
        byte[] filled = [.. jpeg[..2], 0xFF, 0xFF, 0xFF, .. jpeg[2..]];

        Assert.True(ImageReader.TryReadHeader(filled, out var header, out _));

        Assert.Equal((40, 24), (header.Width, header.Height));
    }

    [Fact]
    public void Header_PnmWithComments_IsRead()
    {
        Assert.True(ImageReader.TryReadHeader(Encoding.ASCII.GetBytes("P6\n# made by hand\n 40 # wide\n\t24\n255\n"), out var header, out _));

        Assert.Equal((40, 24), (header.Width, header.Height));
    }

    [Theory]
    [InlineData("40x24.jpg")]
    [InlineData("40x24-exif6.jpg")]
    [InlineData("40x24.gif")]
    [InlineData("40x24.bmp")]
    [InlineData("40x24-extended.webp")]
    [InlineData("40x24-plain.ppm")]
    public void Header_EveryTruncationAndRandomDamage_DoesNotThrow(string file)
    {
        var image = Fixture.Read("headers/" + file);
        for (var length = 0; length < image.Length; length++)
        {
            ImageReader.TryReadHeader(image.AsSpan(0, length), out _, out _);
        }

        var random = new Random(2);
        for (var round = 0; round < 5000; round++)
        {
            var broken = (byte[])image.Clone();
            for (var change = 0; change < 4; change++)
            {
                broken[random.Next(Math.Min(broken.Length, 200))] = (byte)random.Next(256);
            }

            if (ImageReader.TryReadHeader(broken, out var header, out _))
            {
                Assert.True(header.Width > 0 && header.Height > 0);
            }
        }
    }

    [Theory]
    [InlineData("GIF89a")]
    [InlineData("BM")]
    [InlineData("P6\n40")]
    [InlineData("P6\n99999999999 1\n")]
    [InlineData("P6\n0 24\n")]
    [InlineData("RIFF0000WEBPVP8X")]
    public void Header_CutShortOrEmpty_IsAnError(string file)
    {
        Assert.False(ImageReader.TryReadHeader(Encoding.ASCII.GetBytes(file), out _, out var error));

        Assert.Contains("header is broken or cut short", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_OtherThanPng_SaysThatOnlyPngIs()
    {
        Assert.False(ImageReader.TryDecode(Fixture.Read("headers/40x24.jpg"), out _, out var error));

        Assert.Equal("only PNG is decoded to pixels here, and this is jpeg", error);
    }
}
