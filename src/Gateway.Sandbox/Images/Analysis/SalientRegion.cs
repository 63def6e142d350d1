namespace Gateway.Sandbox.Images.Analysis;

/// <summary>A connected area that stands out from the background.</summary>
/// <param name="Box">The smallest rectangle around it.</param>
/// <param name="Contrast">How far its mean difference from the background is, 0 to 1.</param>
internal readonly record struct SalientRegion(PixelBox Box, double Contrast);
