namespace Gateway.Sandbox.Images.Analysis;

/// <summary>An image as a coarse grid: each cell holds how much the pixel at its centre differs from the background, 0 to 1.</summary>
internal sealed class ContrastGrid
{
    /// <summary>Cells along the longer side at most: fine enough for boxes, small enough for any image.</summary>
    private const int MaxSide = 160;

    // Differences below this are shading, not another thing.
    private const double Threshold = 0.16;

    private readonly double[] _contrast;

    private ContrastGrid(int width, int height)
    {
        Width = width;
        Height = height;
        _contrast = new double[width * height];
    }

    public int Width { get; }

    public int Height { get; }

    public static ContrastGrid Of(Bitmap bitmap)
    {
        var shrink = Math.Max(1, Math.Max(bitmap.Width, bitmap.Height) / (double)MaxSide);
        var grid = new ContrastGrid(Math.Max(1, (int)(bitmap.Width / shrink)), Math.Max(1, (int)(bitmap.Height / shrink)));
        var background = grid.BackgroundOf(bitmap);
        for (var y = 0; y < grid.Height; y++)
        {
            for (var x = 0; x < grid.Width; x++)
            {
                grid._contrast[(y * grid.Width) + x] = Difference(grid.PixelAt(bitmap, x, y), background);
            }
        }

        return grid;
    }

    /// <summary>The pixel where a cell begins, for cell 0 to the number of cells.</summary>
    public static int ToPixel(int cell, int cells, int pixels) => (int)((long)cell * pixels / cells);

    /// <summary>Whether the cell differs clearly; false outside the grid.</summary>
    public bool StandsOut(int x, int y) =>
        x >= 0 && y >= 0 && x < Width && y < Height && _contrast[(y * Width) + x] > Threshold;

    /// <summary>Returns the difference of a cell and clears it.</summary>
    public double Take(int x, int y)
    {
        ref var cell = ref _contrast[(y * Width) + x];
        var taken = cell;
        cell = 0;
        return taken;
    }

    private Rgba PixelAt(Bitmap bitmap, int x, int y) =>
        bitmap[
            (ToPixel(x, Width, bitmap.Width) + ToPixel(x + 1, Width, bitmap.Width)) / 2,
            (ToPixel(y, Height, bitmap.Height) + ToPixel(y + 1, Height, bitmap.Height)) / 2];

    // Border cells are counted in bins of 16 levels a channel; the mean of the fullest bin is the background.
    private Rgba BackgroundOf(Bitmap bitmap)
    {
        var fullest = BorderCells().Select(cell => PixelAt(bitmap, cell.X, cell.Y))
            .GroupBy(pixel => (pixel.R >> 4, pixel.G >> 4, pixel.B >> 4, pixel.A >> 7))
            .MaxBy(bin => bin.Count())!;
        return new Rgba(
            MeanOf(fullest, pixel => pixel.R),
            MeanOf(fullest, pixel => pixel.G),
            MeanOf(fullest, pixel => pixel.B),
            MeanOf(fullest, pixel => pixel.A));
    }

    private IEnumerable<(int X, int Y)> BorderCells()
    {
        for (var x = 0; x < Width; x++)
        {
            yield return (x, 0);
            yield return (x, Height - 1);
        }

        for (var y = 0; y < Height; y++)
        {
            yield return (0, y);
            yield return (Width - 1, y);
        }
    }

    private static byte MeanOf(IEnumerable<Rgba> pixels, Func<Rgba, int> channel) => (byte)pixels.Average(channel);

    // The greatest difference of a channel, colours weighed by opacity: two transparent pixels do not differ.
    private static double Difference(Rgba a, Rgba b)
    {
        var color = Math.Max(
            Math.Abs((a.R * a.A) - (b.R * b.A)), Math.Max(Math.Abs((a.G * a.A) - (b.G * b.A)), Math.Abs((a.B * a.A) - (b.B * b.A))));
        return Math.Max(color / (255.0 * 255.0), Math.Abs(a.A - b.A) / 255.0);
    }
}
