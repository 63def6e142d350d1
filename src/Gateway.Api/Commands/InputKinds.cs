using System.Text;

namespace Gateway.Api.Commands;

/// <summary>The kinds of inputs, by the names that the API has for them in <c>data</c>, and what tells them apart.</summary>
internal static class InputKinds
{
    /// <summary>A picture.</summary>
    public const string Image = "image";

    /// <summary>Moving pictures.</summary>
    public const string Video = "video";

    /// <summary>Sound.</summary>
    public const string Audio = "audio";

    /// <summary>Text in UTF-8.</summary>
    public const string Text = "text";

    // The first bytes, from a place on, as each format's own text has them.
    private static readonly (string Kind, int At, byte[] Bytes)[] Signatures =
    [
        (Image, 0, [0x89, .. "PNG\r\n"u8]), (Image, 0, [0xFF, 0xD8, 0xFF]), (Image, 0, [.. "GIF8"u8]), (Image, 8, [.. "WEBP"u8]),
        (Image, 0, [.. "BM"u8]), (Image, 0, [.. "II*\0"u8]), (Image, 0, [.. "MM\0*"u8]), (Image, 4, [.. "ftypavif"u8]),
        (Image, 4, [.. "ftypheic"u8]), (Audio, 8, [.. "WAVE"u8]), (Audio, 0, [.. "ID3"u8]), (Audio, 0, [0xFF, 0xFB]),
        (Audio, 0, [.. "fLaC"u8]), (Audio, 0, [.. "OggS"u8]), (Audio, 4, [.. "ftypM4A"u8]), (Video, 4, [.. "ftyp"u8]),
        (Video, 0, [0x1A, 0x45, 0xDF, 0xA3]), (Video, 8, [.. "AVI "u8]),
    ];

    private static readonly (string Kind, string[] Names)[] Endings =
    [
        (Image, [".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".avif", ".heic", ".ppm", ".pgm", ".pbm"]),
        (Video, [".mp4", ".mov", ".webm", ".mkv", ".avi"]),
        (Audio, [".wav", ".mp3", ".flac", ".ogg", ".m4a", ".opus"]),
        (Text, [".txt", ".md"]),
    ];

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>All of them.</summary>
    public static string[] Names { get; } = [Image, Video, Audio, Text];

    /// <summary>The kind of content, by its first bytes, the end of its name, or as it is UTF-8; null when nothing tells.</summary>
    public static string? OfContent(ReadOnlySpan<byte> content, string name)
    {
        foreach (var (kind, at, bytes) in Signatures)
        {
            if (content.Length >= at + bytes.Length && content.Slice(at, bytes.Length).SequenceEqual(bytes))
            {
                return kind;
            }
        }

        return OfName(name) ?? (IsText(content) ? Text : null);
    }

    /// <summary>The kind of something by the end of its name, or of its URL's path; null when that does not tell.</summary>
    public static string? OfName(string name) =>
        Array.Find(Endings, ending => ending.Names.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase)).Kind;

    /// <summary>What a model takes, by the id of its type, as in <c>visual-classifier</c>; pictures, unless it says otherwise.</summary>
    public static string OfModelType(string type) =>
        type.Split('-')[0] switch { "text" => Text, "audio" => Audio, "video" => Video, _ => Image };

    private static bool IsText(ReadOnlySpan<byte> content)
    {
        try
        {
            return Strict.GetCharCount(content) >= 0 && !content.Contains((byte)0);
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
