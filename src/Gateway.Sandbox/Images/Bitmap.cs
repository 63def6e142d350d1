using System.Runtime.InteropServices;
using SkiaSharp;

namespace Gateway.Sandbox.Images;

/// <summary>A decoded image: rows from top to bottom, pixels from left to right.</summary>
internal sealed class Bitmap(int width, int height)
{
    private readonly Rgba[] _pixels = new Rgba[width * height];

    public int Width { get; } = width;

    public int Height { get; } = height;

    public ReadOnlySpan<Rgba> Pixels => _pixels;

    public Rgba this[int x, int y]
    {
        get => _pixels[(y * Width) + x];
        set => _pixels[(y * Width) + x] = value;
    }

    public Span<Rgba> Row(int y) => _pixels.AsSpan(y * Width, Width);

    /// <summary>Lends the pixels to Skia, which gets what they are, and where.</summary>
    public TResult Use<TResult>(Func<SKImageInfo, nint, TResult> user)
    {
        var pinned = GCHandle.Alloc(_pixels, GCHandleType.Pinned);
        try
        {
            return user(new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Unpremul), pinned.AddrOfPinnedObject());
        }
        finally
        {
            pinned.Free();
        }
    }

    /// <summary>A copy of the rectangle, which must lie inside the image.</summary>
    public Bitmap Crop(PixelBox box)
    {
        var crop = new Bitmap(box.Width, box.Height);
        for (var y = 0; y < box.Height; y++)
        {
            Row(box.Top + y).Slice(box.Left, box.Width).CopyTo(crop.Row(y));
        }

        return crop;
    }
}
