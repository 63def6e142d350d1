namespace Gateway.Sandbox.Images.Analysis;

/// <summary>A basic colour by its W3C name, and where W3C puts it.</summary>
internal sealed record NamedColor(string Name, string Hex)
{
    private const int DarkestColor = 40;
    private const int PalestGray = 225;
    private const int LeastChroma = 24;
    private const int DarkOrange = 160;
    private const int LightRed = 190;

    private static readonly NamedColor Black = new("black", "#000000");
    private static readonly NamedColor White = new("white", "#ffffff");
    private static readonly NamedColor Gray = new("gray", "#808080");
    private static readonly NamedColor Red = new("red", "#ff0000");
    private static readonly NamedColor Orange = new("orange", "#ffa500");
    private static readonly NamedColor Brown = new("brown", "#a52a2a");
    private static readonly NamedColor Yellow = new("yellow", "#ffff00");
    private static readonly NamedColor Green = new("green", "#008000");
    private static readonly NamedColor Cyan = new("cyan", "#00ffff");
    private static readonly NamedColor Blue = new("blue", "#0000ff");
    private static readonly NamedColor Purple = new("purple", "#800080");
    private static readonly NamedColor Pink = new("pink", "#ffc0cb");

    /// <summary>Every colour that <see cref="Of"/> can answer.</summary>
    public static IReadOnlyList<NamedColor> All { get; } =
    [
        Black, White, Gray, Red, Orange, Brown, Yellow, Green, Cyan, Blue, Purple, Pink,
    ];

    /// <summary>The basic colour a pixel would be called, by lightness, chroma and hue; its opacity is not looked at.</summary>
    public static NamedColor Of(Rgba pixel)
    {
        int max = Math.Max(pixel.R, Math.Max(pixel.G, pixel.B));
        int min = Math.Min(pixel.R, Math.Min(pixel.G, pixel.B));
        var chroma = max - min;
        if (max < DarkestColor)
        {
            return Black;
        }

        if (chroma < LeastChroma)
        {
            return min > PalestGray ? White : Gray;
        }

        var hue = HueOf(pixel, max, chroma);
        return hue switch
        {
            < 15 or >= 345 => min > LightRed ? Pink : Red,
            < 45 => max < DarkOrange ? Brown : Orange,
            < 70 => Yellow,
            < 165 => Green,
            < 195 => Cyan,
            < 255 => Blue,
            < 290 => Purple,
            _ => Pink,
        };
    }

    // Degrees on the colour circle: red 0, green 120, blue 240.
    private static double HueOf(Rgba pixel, int max, double chroma)
    {
        double sector;
        if (max == pixel.R)
        {
            sector = ((pixel.G - pixel.B) / chroma) + 6;
        }
        else if (max == pixel.G)
        {
            sector = ((pixel.B - pixel.R) / chroma) + 2;
        }
        else
        {
            sector = ((pixel.R - pixel.G) / chroma) + 4;
        }

        return sector % 6 * 60;
    }
}
