namespace Gateway.Sandbox.Images;

/// <summary>What an image file says of itself before any pixel is decoded; width and height in pixels, as displayed.</summary>
internal readonly record struct ImageHeader(ImageFormat Format, int Width, int Height)
{
    public long PixelCount => (long)Width * Height;
}
