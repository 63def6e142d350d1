using SkiaSharp;

namespace Gateway.Sandbox.Images;

/// <summary>Writes a bitmap as PNG: 8 bits a channel with opacity.</summary>
internal static class PngEncoder
{
    public static byte[] Encode(Bitmap bitmap) => bitmap.Use(static (info, pixels) =>
    {
        using var pixmap = new SKPixmap(info, pixels);
        using var file = pixmap.Encode(SKPngEncoderOptions.Default) ?? throw new InvalidOperationException("Skia wrote no PNG.");
        return file.ToArray();
    });
}
