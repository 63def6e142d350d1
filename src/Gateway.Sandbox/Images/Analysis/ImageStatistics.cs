namespace Gateway.Sandbox.Images.Analysis;

/// <summary>What one pass over the pixels finds.</summary>
/// <param name="Brightness">The mean luma (Rec. 709 weights) of the opaque pixels, 0 to 1; 0 where there are none.</param>
/// <param name="Transparent">The share of pixels less than half opaque, 0 to 1.</param>
/// <param name="Colors">The colours of the opaque pixels, the largest share first; with <paramref name="Transparent"/> they sum to
/// 1.</param>
internal sealed record ImageStatistics(double Brightness, double Transparent, IReadOnlyList<ColorShare> Colors)
{
    private const byte HalfOpaque = 128;

    public static ImageStatistics Of(Bitmap bitmap)
    {
        var sums = NamedColor.All.ToDictionary(color => color, _ => new Sum());
        double luma = 0;
        long opaque = 0;
        foreach (var pixel in bitmap.Pixels)
        {
            if (pixel.A < HalfOpaque)
            {
                continue;
            }

            opaque++;
            luma += LumaOf(pixel);
            sums[NamedColor.Of(pixel)].Add(pixel);
        }

        var total = (double)bitmap.Pixels.Length;
        var colors = sums.Where(entry => entry.Value.Count > 0)
            .Select(entry => new ColorShare(entry.Key, entry.Value.Count / total, entry.Value.Mean()))
            .OrderByDescending(color => color.Share);
        return new ImageStatistics(opaque == 0 ? 0 : luma / opaque, 1 - (opaque / total), [.. colors]);
    }

    private static double LumaOf(Rgba pixel) => ((0.2126 * pixel.R) + (0.7152 * pixel.G) + (0.0722 * pixel.B)) / 255;

    private sealed class Sum
    {
        private long _r, _g, _b;

        public long Count { get; private set; }

        public void Add(Rgba pixel)
        {
            Count++;
            _r += pixel.R;
            _g += pixel.G;
            _b += pixel.B;
        }

        public Rgba Mean() => new((byte)(_r / Count), (byte)(_g / Count), (byte)(_b / Count));
    }
}
