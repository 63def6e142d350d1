namespace Gateway.Sandbox.Text;

/// <summary>
/// Scores text by its words: weights from a list, turned by a negation up to three words before ("not very good"), raised or
/// lowered by the word just before ("very good", "slightly bad"). A mark of punctuation ends the reach of both.
/// </summary>
internal static class SentimentScorer
{
    private const int NegationReach = 3;

    // "Not good" is bad, but less bad than "bad" is.
    private const double NegationFactor = -0.75;

    // What a text without any evidence weighs: one mild word against it makes an even chance.
    private const double NeutralWeight = 1;

    private static readonly HashSet<string> Negations = new(StringComparer.Ordinal)
    {
        "not", "no", "never", "nothing", "nobody", "neither", "nor", "none", "without", "hardly", "cannot", "cant", "dont", "isnt", "wasnt",
    };

    private static readonly Dictionary<string, double> Degrees = new(StringComparer.Ordinal)
    {
        ["very"] = 1.5,
        ["really"] = 1.5,
        ["so"] = 1.3,
        ["too"] = 1.3,
        ["extremely"] = 2,
        ["incredibly"] = 2,
        ["absolutely"] = 2,
        ["totally"] = 1.8,
        ["completely"] = 1.8,
        ["truly"] = 1.5,
        ["most"] = 1.5,
        ["quite"] = 1.2,
        ["rather"] = 0.8,
        ["somewhat"] = 0.6,
        ["slightly"] = 0.5,
        ["little"] = 0.5,
        ["barely"] = 0.4,
        ["almost"] = 0.8,
    };

    public static SentimentScore Score(string text)
    {
        double positive = 0, negative = 0;
        var sinceNegation = int.MaxValue;
        var degree = 1.0;
        foreach (var token in Tokenizer.Split(text))
        {
            var word = Normalize(token);
            var weight = SentimentLexicon.WeightOf(word) * degree * (sinceNegation < NegationReach ? NegationFactor : 1);
            positive += Math.Max(weight, 0);
            negative += Math.Max(-weight, 0);

            degree = Degrees.GetValueOrDefault(word, 1);
            sinceNegation = NextDistance(token, word, sinceNegation);
        }

        var total = positive + negative + NeutralWeight;
        return new SentimentScore(positive / total, NeutralWeight / total, negative / total);
    }

    private static int NextDistance(string token, string word, int distance)
    {
        if (!Tokenizer.IsWord(token))
        {
            return int.MaxValue;
        }

        if (IsNegation(word))
        {
            return 0;
        }

        return distance == int.MaxValue ? distance : distance + 1;
    }

    private static bool IsNegation(string word) => Negations.Contains(word) || word.EndsWith("n't", StringComparison.Ordinal);

    private static string Normalize(string token) => token.ToLowerInvariant().Replace('\u2019', '\'');
}
