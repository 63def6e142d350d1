using System.Buffers;
using System.Buffers.Binary;

namespace Gateway.Api.Http;

/// <summary>
/// What images, sounds and videos begin with, for those that come without a name or with one that says nothing: the signatures of the
/// WHATWG's MIME Sniffing Standard (section 6), and those of TIFF 6.0, FLAC (RFC 9639) and MPEG audio without tags (ISO 11172-3).
/// </summary>
internal static class MediaSignature
{
    /// <summary>How many bytes tell.</summary>
    public const int Length = 18;

    private static readonly (byte[] Start, string Type)[] Starts =
    [
        ([0x89, .. "PNG\r\n"u8, 0x1A, .. "\n"u8], "image/png"),
        ([0xFF, 0xD8, 0xFF], "image/jpeg"),
        ([.. "GIF87a"u8], "image/gif"),
        ([.. "GIF89a"u8], "image/gif"),
        ([.. "II*\0"u8], "image/tiff"),
        ([.. "MM\0*"u8], "image/tiff"),
        ([.. "ID3"u8], "audio/mpeg"),
        ([.. "fLaC"u8], "audio/flac"),
        ([.. "OggS\0"u8], "audio/ogg"),
        ([0x1A, 0x45, 0xDF, 0xA3], "video/webm"),
    ];

    /// <summary>The media type of content.</summary>
    /// <param name="start">Its first bytes, <see cref="Length"/> or all that there are.</param>
    /// <returns>The type; null for what is none of these.</returns>
    public static string? TypeOf(ReadOnlySpan<byte> start)
    {
        foreach (var (known, type) in Starts)
        {
            if (start.StartsWith(known))
            {
                return type;
            }
        }

        return OfRiff(start) ?? OfIsoMedia(start) ?? (IsBitmap(start) ? "image/bmp" : IsMpegAudio(start) ? "audio/mpeg" : null);
    }

    /// <summary>The media type of a request's body, which is left to be read.</summary>
    /// <returns>The type; null for what is none of these.</returns>
    public static async ValueTask<string?> FindAsync(HttpContext http)
    {
        var body = http.Request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(http.RequestAborted);
            var buffer = read.Buffer;
            if (buffer.Length >= Length || read.IsCompleted || BodyType.MayBeJson(buffer))
            {
                var type = TypeOf(buffer);
                body.AdvanceTo(buffer.Start);
                return type;
            }

            body.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <summary>The media type of content.</summary>
    /// <returns>The type; null for what is none of these.</returns>
    public static string? TypeOf(in ReadOnlySequence<byte> content)
    {
        Span<byte> start = stackalloc byte[Length];
        var length = (int)Math.Min(content.Length, Length);
        content.Slice(0, length).CopyTo(start);
        return TypeOf(start[..length]);
    }

    private static string? OfRiff(ReadOnlySpan<byte> start) =>
        start.Length < 12 || !start.StartsWith("RIFF"u8) ? null
            : start[8..].StartsWith("WEBP"u8) ? "image/webp"
            : start[8..].StartsWith("WAVE"u8) ? "audio/wav"
            : null;

    // ISO 14496-12, 4.3: a box "ftyp", then the brand.
    private static string? OfIsoMedia(ReadOnlySpan<byte> start)
    {
        if (start.Length < 12 || !start[4..].StartsWith("ftyp"u8))
        {
            return null;
        }

        var brand = start[8..12];
        return brand.StartsWith("M4A"u8) || brand.StartsWith("M4B"u8) ? "audio/mp4"
            : brand.SequenceEqual("avif"u8) ? "image/avif"
            : brand.StartsWith("hei"u8) || brand.SequenceEqual("mif1"u8) ? "image/heic"
            : "video/mp4";
    }

    // Two letters may be text's: behind them are four zeros, and the length of a header that there is.
    private static bool IsBitmap(ReadOnlySpan<byte> start) =>
        start.Length >= Length
            && start.StartsWith("BM"u8)
            && BinaryPrimitives.ReadUInt32LittleEndian(start[6..]) == 0
            && BinaryPrimitives.ReadUInt32LittleEndian(start[14..]) is 12 or 40 or 52 or 56 or 64 or 108 or 124;

    // Eleven ones, then a version, layer III, a bit rate and a sampling rate that there are.
    private static bool IsMpegAudio(ReadOnlySpan<byte> start) =>
        start.Length >= 4
            && start[0] == 0xFF
            && (start[1] & 0xE6) == 0xE2
            && (start[1] & 0x18) != 0x08
            && (start[2] & 0xF0) is not (0xF0 or 0)
            && (start[2] & 0x0C) != 0x0C;
}
