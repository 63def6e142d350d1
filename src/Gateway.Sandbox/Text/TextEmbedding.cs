namespace Gateway.Sandbox.Text;

/// <summary>
/// Embeds text by feature hashing: every word and every run of three characters within a word (its ends marked) adds or
/// takes one in the dimension its hash names; the vector is then brought to length 1. Texts that share words and spellings
/// lie near one another; meaning beyond that is not seen.
/// </summary>
internal static class TextEmbedding
{
    public const int DefaultDimensions = 256;
    public const int MaxDimensions = 1024;

    private const int GramLength = 3;

    // A whole word says more than one of its parts.
    private const float WordWeight = 2;

    /// <summary>The vector of a text, of length 1; all zeros for a text without tokens.</summary>
    public static float[] Embed(string text, int dimensions = DefaultDimensions)
    {
        var vector = new float[dimensions];
        foreach (var token in Tokenizer.Split(text))
        {
            AddWord(vector, token.ToLowerInvariant());
        }

        Normalize(vector);
        return vector;
    }

    private static void AddWord(float[] vector, string word)
    {
        Add(vector, word, WordWeight);

        var marked = $"<{word}>";
        for (var at = 0; at + GramLength <= marked.Length; at++)
        {
            Add(vector, marked.AsSpan(at, GramLength), 1);
        }
    }

    private static void Add(float[] vector, ReadOnlySpan<char> feature, float weight)
    {
        var hash = Hash(feature);
        var sign = (hash & 0x80000000) != 0 ? -1 : 1;
        vector[hash % (uint)vector.Length] += sign * weight;
    }

    // FNV-1a with 32 bits, over the UTF-16 units; the last step spreads the high bits, which short features leave weak.
    private static uint Hash(ReadOnlySpan<char> feature)
    {
        var hash = 2166136261u;
        foreach (var unit in feature)
        {
            hash = (hash ^ unit) * 16777619u;
        }

        return (hash ^ (hash >> 15)) * 0x85EBCA6B;
    }

    private static void Normalize(float[] vector)
    {
        var length = MathF.Sqrt(vector.Sum(value => value * value));
        if (length == 0)
        {
            return;
        }

        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] /= length;
        }
    }
}
