namespace Gateway.Sandbox.Images.Png;

/// <summary>What the samples of a PNG pixel are (PNG specification, table 11.1).</summary>
internal enum PngColorType : byte
{
    Gray = 0,
    Rgb = 2,
    Palette = 3,
    GrayAlpha = 4,
    Rgba = 6,
}
