namespace Gateway.Sandbox.Images;

/// <summary>The image formats the sandbox reads.</summary>
internal enum ImageFormat
{
    Png,
    Jpeg,
    Gif,
    Bmp,
    WebP,
}
