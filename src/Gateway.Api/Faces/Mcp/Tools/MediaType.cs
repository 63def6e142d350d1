namespace Gateway.Api.Faces.Mcp.Tools;

/// <summary>Tells what a file is from its first bytes, as the API does not say it (WHATWG, "MIME Sniffing", 6).</summary>
internal static class MediaType
{
    // Enough for every signature below.
    private const int Bytes = 12;
    private const int Characters = Bytes / 3 * 4;

    /// <summary>The media type of a file in base64; <c>application/octet-stream</c> when it is none of those known.</summary>
    public static string OfBase64(string base64)
    {
        Span<byte> head = stackalloc byte[Bytes];
        return base64.Length >= Characters && Convert.TryFromBase64Chars(base64.AsSpan(0, Characters), head, out _) ? Of(head) : Unknown;
    }

    private const string Unknown = "application/octet-stream";

    private static string Of(ReadOnlySpan<byte> head) => head switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "image/png",
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "image/gif",
        [(byte)'B', (byte)'M', ..] => "image/bmp",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P'] => "image/webp",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'A', (byte)'V', (byte)'E'] => "audio/wav",
        [(byte)'I', (byte)'D', (byte)'3', ..] or [0xFF, 0xFB, ..] => "audio/mpeg",
        [(byte)'O', (byte)'g', (byte)'g', (byte)'S', ..] => "audio/ogg",
        [(byte)'f', (byte)'L', (byte)'a', (byte)'C', ..] => "audio/flac",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => "video/mp4",
        [0x1A, 0x45, 0xDF, 0xA3, ..] => "video/webm",
        _ => Unknown,
    };
}
