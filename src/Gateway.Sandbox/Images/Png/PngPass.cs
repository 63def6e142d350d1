namespace Gateway.Sandbox.Images.Png;

/// <summary>One pass over the image: the pixels at (<c>X + i·StepX</c>, <c>Y + j·StepY</c>).</summary>
internal readonly record struct PngPass(int X, int Y, int StepX, int StepY)
{
    private static readonly PngPass[] Whole = [new(0, 0, 1, 1)];

    // The seven passes of Adam7 (PNG specification, section 8.2).
    private static readonly PngPass[] Adam7 =
    [
        new(0, 0, 8, 8), new(4, 0, 8, 8), new(0, 4, 4, 8), new(2, 0, 4, 4), new(0, 2, 2, 4), new(1, 0, 2, 2), new(0, 1, 1, 2),
    ];

    public static PngPass[] Of(PngHeader header) => header.Interlaced ? Adam7 : Whole;

    /// <summary>How many columns of an image so wide the pass holds; zero where it starts beyond the edge.</summary>
    public int Columns(int width) => (width - X + StepX - 1) / StepX;

    /// <summary>How many rows of an image so high the pass holds.</summary>
    public int Rows(int height) => (height - Y + StepY - 1) / StepY;
}
