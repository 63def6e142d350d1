using System.Globalization;

namespace Gateway.Sandbox.Schemas;

/// <summary>Strings of the formats that JSON Schema names.</summary>
internal static class FormattedText
{
    private static readonly DateTime Epoch = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly Dictionary<string, Func<Random, string, string>> Formats = new(StringComparer.Ordinal)
    {
        ["date-time"] = (random, _) => Time(random, "yyyy-MM-dd'T'HH:mm:ss'Z'"),
        ["date"] = (random, _) => Time(random, "yyyy-MM-dd"),
        ["time"] = (random, _) => Time(random, "HH:mm:ss'Z'"),
        ["duration"] = (random, _) => $"PT{1 + random.Next(59)}M",
        ["email"] = (_, word) => $"{word}@example.com",
        ["hostname"] = (_, word) => $"{word}.example.com",
        ["uri"] = (_, word) => $"https://example.com/{word}",
        ["ipv4"] = (random, _) => $"192.0.2.{random.Next(256)}",
        ["ipv6"] = (random, _) => string.Create(CultureInfo.InvariantCulture, $"2001:db8::{1 + random.Next(0xffff):x}"),
        ["uuid"] = (random, _) => Uuid(random),
    };

    /// <summary>The formats.</summary>
    public static IReadOnlyCollection<string> Names => Formats.Keys;

    /// <summary>A string of a format.</summary>
    /// <param name="format">One of <see cref="Names"/>.</param>
    /// <param name="random">The dice.</param>
    /// <param name="word">A word of letters, for those that have one.</param>
    public static string Make(string format, Random random, string word) => Formats[format](random, word);

    private static string Time(Random random, string form) =>
        Epoch.AddSeconds(random.Next(365 * 24 * 60 * 60)).ToString(form, CultureInfo.InvariantCulture);

    // Version 4, from the dice of the answer's seed (RFC 9562, 5.4).
    private static string Uuid(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        (bytes[6], bytes[8]) = ((byte)((bytes[6] & 0x0f) | 0x40), (byte)((bytes[8] & 0x3f) | 0x80));
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
