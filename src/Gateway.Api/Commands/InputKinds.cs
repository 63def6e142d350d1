using System.Text;
using Gateway.Api.Http;

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
        if (MediaSignature.TypeOf(content) is { } type)
        {
            return type[..type.IndexOf('/')];
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
