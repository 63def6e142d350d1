namespace Gateway.Sandbox.Text;

/// <summary>A text in the making: cut at the most tokens, and before the first stop sequence.</summary>
/// <param name="tokens">The tokens, each with the space before it; more than the most tell that the text was cut.</param>
/// <param name="maxTokens">The most tokens.</param>
/// <param name="stops">The stop sequences, none of them empty.</param>
internal sealed class GeneratedText(IEnumerable<string> tokens, int maxTokens, IReadOnlyList<string> stops)
{
    /// <summary>How many tokens were made, those of a stop sequence among them.</summary>
    public int Tokens { get; private set; }

    /// <summary>Whether the text would have gone on behind the last token that it may have.</summary>
    public bool IsCut { get; private set; }

    /// <summary>
    /// The pieces of the text, to be taken once. A piece is a token, but where a stop sequence may have begun: that waits until it is one
    /// or is none.
    /// </summary>
    public IEnumerable<string> Pieces()
    {
        var held = "";
        foreach (var token in tokens)
        {
            if (Tokens == maxTokens)
            {
                IsCut = true;
                break;
            }

            Tokens++;
            held += token;
            var stop = FirstStop(held);
            var sure = stop < 0 ? held.Length - PossibleStop(held) : stop;
            if (sure > 0)
            {
                yield return held[..sure];
            }

            if (stop >= 0)
            {
                yield break;
            }

            held = held[sure..];
        }

        if (held.Length > 0)
        {
            yield return held;
        }
    }

    private int FirstStop(string text) =>
        stops.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(-1).Min();

    // The length of the longest end of a text that a stop sequence may begin with.
    private int PossibleStop(string text)
    {
        var length = stops.Select(stop => Math.Min(stop.Length - 1, text.Length)).DefaultIfEmpty(0).Max();
        while (length > 0 && !stops.Any(stop => stop.AsSpan().StartsWith(text.AsSpan(text.Length - length))))
        {
            length--;
        }

        return length;
    }
}
