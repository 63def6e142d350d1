using Gateway.Sandbox.Images;
using Gateway.Sandbox.Images.Analysis;

namespace Gateway.Sandbox.Tests.Images;

public class ImageStatisticsTests
{
    [Theory]
    [InlineData(0, 0, 0, "black")]
    [InlineData(255, 255, 255, "white")]
    [InlineData(128, 128, 128, "gray")]
    [InlineData(255, 0, 0, "red")]
    [InlineData(255, 165, 0, "orange")]
    [InlineData(139, 69, 19, "brown")]
    [InlineData(255, 255, 0, "yellow")]
    [InlineData(0, 128, 0, "green")]
    [InlineData(0, 255, 255, "cyan")]
    [InlineData(0, 0, 255, "blue")]
    [InlineData(128, 0, 160, "purple")]
    [InlineData(255, 192, 203, "pink")]
    [InlineData(255, 0, 200, "pink")]
    public void NamedColor_OfTypicalPixel_IsWhatItIsCalled(byte r, byte g, byte b, string name)
    {
        Assert.Equal(name, NamedColor.Of(new Rgba(r, g, b)).Name);
    }

    [Fact]
    public void NamedColor_OfEveryHueAndShade_IsOneOfAll()
    {
        for (var r = 0; r < 256; r += 15)
        {
            for (var g = 0; g < 256; g += 15)
            {
                for (var b = 0; b < 256; b += 15)
                {
                    Assert.Contains(NamedColor.Of(new Rgba((byte)r, (byte)g, (byte)b)), NamedColor.All);
                }
            }
        }
    }

    [Fact]
    public void Statistics_Shares_AreOfPixelsAndSumToOne()
    {
        var bitmap = new Bitmap(4, 2);
        bitmap.Row(0).Fill(new Rgba(255, 0, 0));
        bitmap.Row(1).Fill(new Rgba(0, 0, 255));
        bitmap[0, 1] = new Rgba(0, 0, 0, 0);
        bitmap[1, 1] = new Rgba(200, 0, 0);

        var statistics = ImageStatistics.Of(bitmap);

        Assert.Equal([("red", 5.0 / 8), ("blue", 2.0 / 8)], statistics.Colors.Select(color => (color.Color.Name, color.Share)));
        Assert.Equal(new Rgba(244, 0, 0), statistics.Colors[0].Mean);
        Assert.Equal(1.0 / 8, statistics.Transparent, 12);
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(255, 255, 255, 1)]
    [InlineData(0, 255, 0, 0.7152)]
    public void Statistics_Brightness_IsLuma(byte r, byte g, byte b, double expected)
    {
        var bitmap = new Bitmap(3, 3);
        for (var y = 0; y < 3; y++)
        {
            bitmap.Row(y).Fill(new Rgba(r, g, b));
        }

        Assert.Equal(expected, ImageStatistics.Of(bitmap).Brightness, 10);
    }

    [Fact]
    public void Statistics_NothingOpaque_HasNoColors()
    {
        var statistics = ImageStatistics.Of(new Bitmap(2, 2));

        Assert.Equal((0, 1), (statistics.Brightness, statistics.Transparent));
        Assert.Empty(statistics.Colors);
    }
}
