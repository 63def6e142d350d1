using System.Globalization;

namespace Gateway.Sandbox.Text;

/// <summary>The weights of words that carry sentiment, from -3 to 3, read once from <c>sentiment.txt</c>.</summary>
internal static class SentimentLexicon
{
    private static readonly Dictionary<string, int> Weights = Parse(EmbeddedText.Read("sentiment.txt"));

    /// <summary>The weight of a word in lower case; zero where the list does not have it.</summary>
    public static int WeightOf(string word) => Weights.GetValueOrDefault(word);

    private static Dictionary<string, int> Parse(string list)
    {
        var weights = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in list.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            var parts = line.Split(' ');
            weights.Add(parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture));
        }

        return weights;
    }
}
