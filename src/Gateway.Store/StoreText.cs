using System.Text;

namespace Gateway.Store;

/// <summary>What texts may be for every database to keep them, and find them by an index.</summary>
internal static class StoreText
{
    /// <summary>
    /// PostgreSQL's indexes refuse entries of more than 2,704 bytes; three texts of four bytes a character stay below it.
    /// </summary>
    public const int MaxLength = 200;

    private const char Replacement = '\uFFFD';

    /// <summary>Refuses a name that could not be kept as it is.</summary>
    public static void Check(string name, string what)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name, what);
        if (name.Length > MaxLength || Clean(name) != name)
        {
            throw new ArgumentException($"A name has at most {MaxLength} characters, and none that is not text.", what);
        }
    }

    /// <summary>
    /// A text from outside as it can be kept: cut to <see cref="MaxLength"/>, with U+FFFD for what PostgreSQL refuses, which are U+0000 and
    /// halves of surrogate pairs. One such text would keep a whole batch of usage from being written, again and again.
    /// </summary>
    public static string Clean(string text)
    {
        var length = Math.Min(text.Length, MaxLength);
        if (length == text.Length && !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') && !text.Contains('\0'))
        {
            return text;
        }

        var clean = new StringBuilder(length);
        foreach (var rune in text.AsSpan(0, length).EnumerateRunes()) // U+FFFD for a half
        {
            clean.Append(rune.Value == 0 ? Replacement.ToString() : rune.ToString());
        }

        return clean.ToString();
    }
}
