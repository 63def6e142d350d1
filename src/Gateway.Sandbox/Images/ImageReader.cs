using System.Diagnostics.CodeAnalysis;
using SkiaSharp;

namespace Gateway.Sandbox.Images;

/// <summary>Reads image files with Skia's decoders. An error is one sentence about the file, fit for a client.</summary>
internal static class ImageReader
{
    /// <summary>
    /// Decodes every pixel, as displayed; of something that moves, the first frame. What has more pixels than are decoded at a time comes
    /// smaller, if its format can.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="header">What the file says of itself, which is of its whole size.</param>
    /// <param name="bitmap">Its pixels.</param>
    /// <param name="error">What is wrong.</param>
    public static bool TryDecode(
        ReadOnlySpan<byte> file,
        out ImageHeader header,
        [NotNullWhen(true)] out Bitmap? bitmap,
        [NotNullWhen(false)] out string? error)
    {
        bitmap = null;
        if (!TryOpen(file, out var opened, out header, out error))
        {
            return false;
        }

        using var codec = opened;
        var size = codec.GetScaledDimensions(ScaleOf(header));
        if ((long)size.Width * size.Height > ImageLimits.MaxDecodedPixels)
        {
            error = TooManyPixels(header, ImageLimits.MaxDecodedPixels);
            return false;
        }

        var decoded = new Bitmap(size.Width, size.Height);
        if (decoded.Use(codec.GetPixels) != SKCodecResult.Success)
        {
            error = $"the {NameOf(header.Format)} image is damaged or cut short";
            return false;
        }

        bitmap = Turn(decoded, codec.EncodedOrigin);
        return true;
    }

    // Of JPEG, Skia takes the nearest eighth, which may not be one above.
    private static float ScaleOf(ImageHeader header) => header.PixelCount <= ImageLimits.MaxDecodedPixels
        ? 1
        : MathF.Sqrt((float)ImageLimits.MaxDecodedPixels / header.PixelCount) - (1 / 16f);

    /// <summary>The format's usual name in lower case.</summary>
    public static string NameOf(ImageFormat format) => format switch
    {
        ImageFormat.Png => "png",
        ImageFormat.Jpeg => "jpeg",
        ImageFormat.Gif => "gif",
        ImageFormat.Bmp => "bmp",
        _ => "webp",
    };

    private static bool TryOpen(
        ReadOnlySpan<byte> file,
        [NotNullWhen(true)] out SKCodec? codec,
        out ImageHeader header,
        [NotNullWhen(false)] out string? error)
    {
        (codec, header) = (null, default);
        if (file.Length > ImageLimits.MaxBytes)
        {
            error = $"the image has {file.Length} bytes, more than the limit of {ImageLimits.MaxBytes}";
            return false;
        }

        using var data = SKData.CreateCopy(file);
        codec = SKCodec.Create(data);
        if (codec is null || FormatOf(codec.EncodedFormat) is not { } format)
        {
            codec?.Dispose();
            error = "the bytes are not a PNG, JPEG, GIF, BMP or WebP image, or its header is damaged";
            return false;
        }

        var (width, height) = (codec.Info.Width, codec.Info.Height);
        header = IsOnItsSide(codec.EncodedOrigin) ? new ImageHeader(format, height, width) : new ImageHeader(format, width, height);
        if (header.PixelCount > ImageLimits.MaxPixels)
        {
            codec.Dispose();
            error = TooManyPixels(header, ImageLimits.MaxPixels);
            return false;
        }

        error = null;
        return true;
    }

    private static string TooManyPixels(ImageHeader header, long limit) =>
        $"the {NameOf(header.Format)} image has {header.PixelCount} pixels, more than the limit of {limit}";

    // Skia reads others as well, which the API does not take.
    private static ImageFormat? FormatOf(SKEncodedImageFormat format) => format switch
    {
        SKEncodedImageFormat.Png => ImageFormat.Png,
        SKEncodedImageFormat.Jpeg => ImageFormat.Jpeg,
        SKEncodedImageFormat.Gif => ImageFormat.Gif,
        SKEncodedImageFormat.Bmp => ImageFormat.Bmp,
        SKEncodedImageFormat.Webp => ImageFormat.WebP,
        _ => null,
    };

    private static bool IsOnItsSide(SKEncodedOrigin origin) => origin >= SKEncodedOrigin.LeftTop;

    // Exif 2.32, 4.6.4: which side the first row is on, and which the first column.
    private static Bitmap Turn(Bitmap bitmap, SKEncodedOrigin origin)
    {
        if (origin == SKEncodedOrigin.TopLeft)
        {
            return bitmap;
        }

        var turned = IsOnItsSide(origin) ? new Bitmap(bitmap.Height, bitmap.Width) : new Bitmap(bitmap.Width, bitmap.Height);
        var (right, bottom) = (bitmap.Width - 1, bitmap.Height - 1);
        for (var y = 0; y < bitmap.Height; y++)
        {
            for (var x = 0; x < bitmap.Width; x++)
            {
                var (column, row) = origin switch
                {
                    SKEncodedOrigin.TopRight => (right - x, y),
                    SKEncodedOrigin.BottomRight => (right - x, bottom - y),
                    SKEncodedOrigin.BottomLeft => (x, bottom - y),
                    SKEncodedOrigin.LeftTop => (y, x),
                    SKEncodedOrigin.RightTop => (bottom - y, x),
                    SKEncodedOrigin.RightBottom => (bottom - y, right - x),
                    _ => (y, right - x),
                };
                turned[column, row] = bitmap[x, y];
            }
        }

        return turned;
    }
}
