using Gateway.Sandbox.Images;
using Gateway.Sandbox.Images.Analysis;

namespace Gateway.Sandbox.Tests.Images;

public class SalientRegionsTests
{
    private static readonly Rgba Sea = new(200, 220, 235);

    [Theory]
    [InlineData(120, 90)]
    [InlineData(1600, 1200)]
    public void Find_TwoBoxesOnPlainGround_AreBoxedLargestFirst(int width, int height)
    {
        // The larger image is looked at in cells of ten pixels: boxes on their lines are found exactly.
        var large = new PixelBox(width / 2, height / 3, width * 3 / 4, height * 2 / 3);
        var small = new PixelBox(0, 0, width / 8, height / 9);
        var bitmap = Draw(width, height, (small, new Rgba(20, 60, 160)), (large, new Rgba(200, 30, 30)));

        var regions = SalientRegions.Find(bitmap);

        Assert.Equal(2, regions.Count);
        AssertNear(large, regions[0].Box, width / 160 + 1);
        AssertNear(small, regions[1].Box, width / 160 + 1);
    }

    [Fact]
    public void Find_ContrastOfABlackBoxOnWhite_IsOne()
    {
        var bitmap = Draw(40, 40, (new PixelBox(0, 0, 40, 40), new Rgba(255, 255, 255)), (new PixelBox(10, 10, 20, 20), new Rgba(0, 0, 0)));

        var region = Assert.Single(SalientRegions.Find(bitmap));

        Assert.Equal(new PixelBox(10, 10, 20, 20), region.Box);
        Assert.Equal(1, region.Contrast, 12);
    }

    [Fact]
    public void Find_PlainImage_IsNothing()
    {
        Assert.Empty(SalientRegions.Find(Draw(50, 30)));
    }

    [Fact]
    public void Find_OnePixel_IsNothing()
    {
        Assert.Empty(SalientRegions.Find(new Bitmap(1, 1)));
    }

    [Fact]
    public void Find_VeryLongImage_IsHandled()
    {
        var bitmap = Draw(5000, 2, (new PixelBox(1000, 0, 2000, 2), new Rgba(0, 0, 0)));

        AssertNear(new PixelBox(1000, 0, 2000, 2), Assert.Single(SalientRegions.Find(bitmap)).Box, 40);
    }

    [Fact]
    public void Find_Specks_AreDropped()
    {
        Assert.Empty(SalientRegions.Find(Draw(100, 100, (new PixelBox(50, 50, 52, 52), new Rgba(0, 0, 0)))));
    }

    [Fact]
    public void Find_ManyBoxes_AreAtMostTwelve()
    {
        var boxes = Enumerable.Range(0, 25).Select(index => (new PixelBox(4 + (index % 5 * 20), 4 + (index / 5 * 20), 14 + (index % 5 * 20), 14 + (index / 5 * 20)), new Rgba(0, 0, 0)));

        Assert.Equal(12, SalientRegions.Find(Draw(104, 104, [.. boxes])).Count);
    }

    [Fact]
    public void Find_TransparentGround_CountsAsGround()
    {
        var bitmap = new Bitmap(40, 40);
        for (var y = 10; y < 30; y++)
        {
            bitmap.Row(y)[10..30].Fill(new Rgba(0, 0, 0));
        }

        Assert.Equal(new PixelBox(10, 10, 30, 30), Assert.Single(SalientRegions.Find(bitmap)).Box);
    }

    private static Bitmap Draw(int width, int height, params (PixelBox Box, Rgba Color)[] boxes)
    {
        var bitmap = new Bitmap(width, height);
        for (var y = 0; y < height; y++)
        {
            bitmap.Row(y).Fill(Sea);
        }

        foreach (var (box, color) in boxes)
        {
            for (var y = box.Top; y < box.Bottom; y++)
            {
                bitmap.Row(y)[box.Left..box.Right].Fill(color);
            }
        }

        return bitmap;
    }

    private static void AssertNear(PixelBox expected, PixelBox actual, int tolerance)
    {
        Assert.InRange(actual.Left, expected.Left - tolerance, expected.Left + tolerance);
        Assert.InRange(actual.Top, expected.Top - tolerance, expected.Top + tolerance);
        Assert.InRange(actual.Right, expected.Right - tolerance, expected.Right + tolerance);
        Assert.InRange(actual.Bottom, expected.Bottom - tolerance, expected.Bottom + tolerance);
    }
}
