using System.IO.Enumeration;

namespace Gateway.Sandbox.Service;

/// <summary>How lists are searched, without regard to case. An empty filter lets everything through.</summary>
internal static class NameFilter
{
    /// <summary>Whether one of the texts is the pattern, in which <c>*</c> stands for anything and <c>?</c> for one character.</summary>
    public static bool Matches(string pattern, params ReadOnlySpan<string> texts)
    {
        if (pattern.Length == 0)
        {
            return true;
        }

        foreach (var text in texts)
        {
            if (FileSystemName.MatchesSimpleExpression(pattern, text))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether one of the texts contains the words.</summary>
    public static bool Contains(string words, params ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
        {
            if (text.Contains(words, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return words.Length == 0;
    }
}
