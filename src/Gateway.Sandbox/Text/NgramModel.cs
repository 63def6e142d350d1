namespace Gateway.Sandbox.Text;

/// <summary>
/// Which token follows which, counted over one text: after two tokens where the pair was seen, mixed with what follows the
/// last one alone. A paragraph's end is a token too, the empty one, so a continuation ends by itself.
/// </summary>
internal sealed class NgramModel
{
    /// <summary>The token before the first and after the last of a paragraph.</summary>
    public const string Boundary = "";

    // Where the pair is known it decides for the most part; the single token keeps the text from being recited.
    private const double PairShare = 0.65;

    private readonly Dictionary<string, Followers> _afterOne = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, string), Followers> _afterTwo = [];

    private NgramModel()
    {
    }

    /// <summary>Counts a text whose paragraphs are parted by empty lines.</summary>
    public static NgramModel Learn(string text)
    {
        var model = new NgramModel();
        foreach (var paragraph in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            model.LearnParagraph(paragraph);
        }

        return model;
    }

    /// <summary>Whether the token stands anywhere in the text.</summary>
    public bool Knows(string token) => _afterOne.ContainsKey(token);

    /// <summary>What may follow, with likelihoods above zero that sum to 1, in a fixed order. The last token must be known.</summary>
    public IReadOnlyList<(string Token, double Likelihood)> After(string last, string beforeLast)
    {
        var single = _afterOne[last];
        if (!_afterTwo.TryGetValue((beforeLast, last), out var pair))
        {
            return [.. single.Shares()];
        }

        return [.. single.Shares().Select(one => (one.Token, (PairShare * pair.ShareOf(one.Token)) + ((1 - PairShare) * one.Share)))];
    }

    private void LearnParagraph(string paragraph)
    {
        var (beforeLast, last) = (Boundary, Boundary);
        foreach (var token in Tokenizer.Split(paragraph).Append(Boundary))
        {
            Count(_afterOne, last, token);
            Count(_afterTwo, (beforeLast, last), token);
            (beforeLast, last) = (last, token);
        }
    }

    private static void Count<TKey>(Dictionary<TKey, Followers> table, TKey context, string token)
        where TKey : notnull
    {
        if (!table.TryGetValue(context, out var followers))
        {
            table.Add(context, followers = new Followers());
        }

        followers.Count(token);
    }

    /// <summary>The tokens seen after one context and how often, in the order first seen.</summary>
    private sealed class Followers
    {
        private readonly OrderedDictionary<string, int> _counts = new(StringComparer.Ordinal);
        private int _total;

        public void Count(string token)
        {
            _counts[token] = _counts.GetValueOrDefault(token) + 1;
            _total++;
        }

        public double ShareOf(string token) => (double)_counts.GetValueOrDefault(token) / _total;

        public IEnumerable<(string Token, double Share)> Shares() => _counts.Select(entry => (entry.Key, (double)entry.Value / _total));
    }
}
