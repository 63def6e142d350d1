using System.Diagnostics.CodeAnalysis;
using Gateway.Sandbox.Images.Headers;
using Gateway.Sandbox.Images.Png;

namespace Gateway.Sandbox.Images;

/// <summary>Reads image files. An error is one sentence about the file, fit for a client.</summary>
internal static class ImageReader
{
    /// <summary>Recognises the format by its signature and reads the dimensions.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> file, out ImageHeader header, [NotNullWhen(false)] out string? error)
    {
        header = default;
        if (file.Length > ImageLimits.MaxBytes)
        {
            error = $"the image has {file.Length} bytes, more than the limit of {ImageLimits.MaxBytes}";
            return false;
        }

        if (FormatOf(file) is not { } format)
        {
            error = "the bytes are not a PNG, JPEG, GIF, BMP, WebP or PNM image";
            return false;
        }

        if (SizeOf(format, file) is not { } size || size.Width <= 0 || size.Height <= 0)
        {
            error = $"the {NameOf(format)} header is broken or cut short";
            return false;
        }

        header = new ImageHeader(format, size.Width, size.Height);
        error = null;
        return true;
    }

    /// <summary>Decodes every pixel; only PNG is decoded this far.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> file, [NotNullWhen(true)] out Bitmap? bitmap, [NotNullWhen(false)] out string? error)
    {
        bitmap = null;
        if (!TryReadHeader(file.Span, out var header, out error))
        {
            return false;
        }

        if (header.Format == ImageFormat.Png)
        {
            return PngDecoder.TryDecode(file, out bitmap, out error);
        }

        error = $"only PNG is decoded to pixels here, and this is {NameOf(header.Format)}";
        return false;
    }

    /// <summary>The format's usual name in lower case.</summary>
    public static string NameOf(ImageFormat format) => format switch
    {
        ImageFormat.Png => "png",
        ImageFormat.Jpeg => "jpeg",
        ImageFormat.Gif => "gif",
        ImageFormat.Bmp => "bmp",
        ImageFormat.WebP => "webp",
        _ => "pnm",
    };

    private static ImageFormat? FormatOf(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith(PngSignature.Bytes))
        {
            return ImageFormat.Png;
        }

        if (file.StartsWith<byte>([0xFF, 0xD8, 0xFF]))
        {
            return ImageFormat.Jpeg;
        }

        if (file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8))
        {
            return ImageFormat.Gif;
        }

        if (file.StartsWith("BM"u8))
        {
            return ImageFormat.Bmp;
        }

        if (file.StartsWith("RIFF"u8) && file.Length >= 12 && file[8..].StartsWith("WEBP"u8))
        {
            return ImageFormat.WebP;
        }

        if (file.Length >= 3 && file[0] == 'P' && file[1] is >= (byte)'1' and <= (byte)'6' && PnmHeader.IsSpace(file[2]))
        {
            return ImageFormat.Pnm;
        }

        return null;
    }

    private static (int Width, int Height)? SizeOf(ImageFormat format, ReadOnlySpan<byte> file) => format switch
    {
        ImageFormat.Png => PngHeader.SizeOf(file),
        ImageFormat.Jpeg => JpegHeader.SizeOf(file),
        ImageFormat.Gif => GifHeader.SizeOf(file),
        ImageFormat.Bmp => BmpHeader.SizeOf(file),
        ImageFormat.WebP => WebPHeader.SizeOf(file),
        _ => PnmHeader.SizeOf(file),
    };
}
