namespace Gateway.Sandbox.Images;

/// <summary>The image formats the sandbox recognises.</summary>
internal enum ImageFormat
{
    Png,
    Jpeg,
    Gif,
    Bmp,
    WebP,
    Pnm,
}
