namespace Gateway.Sandbox.Text;

/// <summary>
/// Cuts text into tokens: a run of letters, digits and inner apostrophes is a word, any other visible character stands alone.
/// </summary>
internal static class Tokenizer
{
    /// <summary>The tokens in order, in the text's own case.</summary>
    public static IEnumerable<string> Split(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var length = TokenLength(text, at);
            if (!char.IsWhiteSpace(text[at]))
            {
                yield return text.Substring(at, length);
            }

            at += length;
        }
    }

    /// <summary>How many tokens the text has.</summary>
    public static int Count(string text) => Split(text).Count();

    /// <summary>The text in pieces, a token each with the white space before it; joined they are the text.</summary>
    public static IEnumerable<string> Pieces(string text)
    {
        var start = 0;
        for (var at = 0; at < text.Length;)
        {
            var isSpace = char.IsWhiteSpace(text[at]);
            at += TokenLength(text, at);
            if (!isSpace || at == text.Length)
            {
                yield return text[start..at];
                start = at;
            }
        }
    }

    /// <summary>Whether the token is a word, not a mark.</summary>
    public static bool IsWord(string token) => char.IsLetterOrDigit(token[0]);

    private static int TokenLength(string text, int at)
    {
        if (!char.IsLetterOrDigit(text[at]))
        {
            return at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;
        }

        var end = at + 1;
        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || IsInnerApostrophe(text, end)))
        {
            end++;
        }

        return end - at;
    }

    private static bool IsInnerApostrophe(string text, int at) =>
        text[at] is '\'' or '\u2019' && at + 1 < text.Length && char.IsLetterOrDigit(text[at + 1]);
}
