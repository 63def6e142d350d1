using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;

namespace Gateway.Sandbox.Images.Png;

/// <summary>Decodes PNG files: every colour type and bit depth, plain and interlaced, chunk checksums checked.</summary>
internal static class PngDecoder
{
    /// <summary>Deflate cannot shrink data further than this (RFC 1951: 258 bytes out of two bits).</summary>
    private const long MaxDeflateRatio = 1032;

    /// <summary>
    /// Decodes a file that starts with the signature. Memory is bounded by <see cref="ImageLimits.MaxPixels"/> and by what the file can
    /// really hold.
    /// </summary>
    public static bool TryDecode(ReadOnlyMemory<byte> file, [NotNullWhen(true)] out Bitmap? bitmap, [NotNullWhen(false)] out string? error)
    {
        bitmap = null;
        using var png = PngFile.Read(file, out var reason);
        if (png is null)
        {
            error = "the PNG is damaged: " + reason;
            return false;
        }

        error = CheckSize(png) ?? Inflate(png, out bitmap);
        if (error is not null)
        {
            bitmap = null;
        }

        return error is null;
    }

    private static string? CheckSize(PngFile png)
    {
        var header = png.Header;
        var pixels = (long)header.Width * header.Height;
        if (pixels > ImageLimits.MaxPixels)
        {
            return $"the PNG has {pixels} pixels, more than the limit of {ImageLimits.MaxPixels}";
        }

        // Not before the file has shown enough data for them is memory taken for the pixels.
        var needed = (long)header.RowBytes(header.Width) * header.Height;
        return needed > png.ImageData.Length * MaxDeflateRatio ? "the PNG is damaged: it holds too little image data" : null;
    }

    private static string? Inflate(PngFile png, out Bitmap? bitmap)
    {
        bitmap = new Bitmap(png.Header.Width, png.Header.Height);
        using var rows = new ZLibStream(png.ImageData, CompressionMode.Decompress);
        try
        {
            var pixels = new PngPixels(png);
            foreach (var pass in PngPass.Of(png.Header))
            {
                if (ReadPass(png.Header, pass, rows, pixels, bitmap) is { } error)
                {
                    return error;
                }
            }

            // Reading on to the end lets zlib compare its checksum.
            rows.ReadByte();
            return null;
        }
        catch (InvalidDataException)
        {
            return "the PNG is damaged: its image data does not decompress";
        }
    }

    private static string? ReadPass(PngHeader header, PngPass pass, ZLibStream rows, PngPixels pixels, Bitmap bitmap)
    {
        var (columns, count) = (pass.Columns(header.Width), pass.Rows(header.Height));
        if (columns <= 0)
        {
            return null;
        }

        var filtered = new byte[1 + header.RowBytes(columns)];
        var above = new byte[filtered.Length];
        for (var row = 0; row < count; row++)
        {
            if (rows.ReadAtLeast(filtered, filtered.Length, throwOnEndOfStream: false) < filtered.Length)
            {
                return "the PNG is damaged: its image data ends early";
            }

            var bytes = filtered.AsSpan(1);
            if (!PngFilter.TryUndo(filtered[0], bytes, above.AsSpan(1), header.FilterDistance))
            {
                return $"the PNG is damaged: filter type {filtered[0]} is unknown";
            }

            if (!TryPlace(bytes, pass, pass.Y + (row * pass.StepY), columns, pixels, bitmap))
            {
                return "the PNG is damaged: a pixel lies outside the palette";
            }

            (filtered, above) = (above, filtered);
        }

        return null;
    }

    private static bool TryPlace(ReadOnlySpan<byte> bytes, PngPass pass, int y, int columns, PngPixels pixels, Bitmap bitmap)
    {
        var row = bitmap.Row(y);
        for (var column = 0; column < columns; column++)
        {
            if (pixels.Read(bytes, column) is not { } pixel)
            {
                return false;
            }

            row[pass.X + (column * pass.StepX)] = pixel;
        }

        return true;
    }
}
