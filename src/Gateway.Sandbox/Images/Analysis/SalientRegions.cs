namespace Gateway.Sandbox.Images.Analysis;

/// <summary>
/// Finds what stands out: the background is the colour most common along the border; cells of a coarse grid that differ
/// from it are joined to connected areas, and small areas are dropped. It knows shapes and colours, not objects.
/// </summary>
internal static class SalientRegions
{
    private const int MaxRegions = 12;

    // An area below this share of the image is taken for noise.
    private const double LeastArea = 0.005;

    /// <summary>The areas found, the largest first.</summary>
    public static IReadOnlyList<SalientRegion> Find(Bitmap bitmap)
    {
        var grid = ContrastGrid.Of(bitmap);
        var areas = new List<Area>();
        for (var y = 0; y < grid.Height; y++)
        {
            for (var x = 0; x < grid.Width; x++)
            {
                if (grid.StandsOut(x, y))
                {
                    areas.Add(Collect(grid, x, y));
                }
            }
        }

        var least = grid.Width * grid.Height * LeastArea;
        return
        [
            .. areas.Where(area => area.Cells >= least)
                .OrderByDescending(area => area.Cells)
                .Take(MaxRegions)
                .Select(area => area.ToRegion(grid, bitmap)),
        ];
    }

    // Flood fill over the eight neighbours; a cell taken is cleared, so each belongs to one area.
    private static Area Collect(ContrastGrid grid, int startX, int startY)
    {
        var area = new Area();
        var open = new Stack<(int X, int Y)>([(startX, startY)]);
        while (open.TryPop(out var cell))
        {
            if (!grid.StandsOut(cell.X, cell.Y))
            {
                continue;
            }

            area.Add(cell.X, cell.Y, grid.Take(cell.X, cell.Y));
            for (var dy = -1; dy <= 1; dy++)
            {
                for (var dx = -1; dx <= 1; dx++)
                {
                    open.Push((cell.X + dx, cell.Y + dy));
                }
            }
        }

        return area;
    }

    private sealed class Area
    {
        private int _left = int.MaxValue, _top = int.MaxValue, _right, _bottom;
        private double _contrast;

        public int Cells { get; private set; }

        public void Add(int x, int y, double contrast)
        {
            Cells++;
            _contrast += contrast;
            (_left, _top) = (Math.Min(_left, x), Math.Min(_top, y));
            (_right, _bottom) = (Math.Max(_right, x + 1), Math.Max(_bottom, y + 1));
        }

        public SalientRegion ToRegion(ContrastGrid grid, Bitmap bitmap)
        {
            var box = new PixelBox(
                ContrastGrid.ToPixel(_left, grid.Width, bitmap.Width),
                ContrastGrid.ToPixel(_top, grid.Height, bitmap.Height),
                ContrastGrid.ToPixel(_right, grid.Width, bitmap.Width),
                ContrastGrid.ToPixel(_bottom, grid.Height, bitmap.Height));
            return new SalientRegion(box, _contrast / Cells);
        }
    }
}
