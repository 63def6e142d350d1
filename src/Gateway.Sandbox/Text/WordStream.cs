namespace Gateway.Sandbox.Text;

/// <summary>Words without end: the continuation of a prompt, and where that ends another text's beginning.</summary>
internal sealed class WordStream(TextContinuation continuation, string prompt, GenerationSettings settings, Random random)
{
    private readonly Queue<string> _words = new(WordsOf(continuation, prompt, settings));

    /// <summary>The next word, without marks.</summary>
    public string Next()
    {
        // Always by dice: the likeliest text is the same each time.
        while (_words.Count == 0)
        {
            var temperature = Math.Max(settings.Temperature, GenerationSettings.Default.Temperature);
            var again = settings with { Seed = random.Next(), Temperature = temperature };
            foreach (var word in WordsOf(continuation, "", again))
            {
                _words.Enqueue(word);
            }
        }

        return _words.Dequeue();
    }

    private static IEnumerable<string> WordsOf(TextContinuation continuation, string prompt, GenerationSettings settings) =>
        continuation.Continue(prompt, settings with { MaxTokens = GenerationSettings.Default.MaxTokens })
            .Select(piece => piece.TrimStart())
            .Where(Tokenizer.IsWord);
}
