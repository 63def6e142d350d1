namespace Gateway.Sandbox.Text;

/// <summary>Continues a prompt with the n-gram model, token by token.</summary>
internal sealed class TextContinuation(NgramModel model)
{
    /// <summary>
    /// The pieces of the continuation, a word or mark each with the space before it; joined they are the text. It starts
    /// after the last token of the prompt that the model knows, and ends with a paragraph or at the limit.
    /// </summary>
    public IEnumerable<string> Continue(string prompt, GenerationSettings settings)
    {
        var random = new Random(settings.Seed);
        var (beforeLast, last) = ContextOf(prompt);
        for (var count = 0; count < settings.MaxTokens; count++)
        {
            var candidates = model.After(last, beforeLast).Where(candidate => count > 0 || candidate.Token != NgramModel.Boundary).ToList();
            if (candidates.Count == 0)
            {
                yield break;
            }

            var token = Draw(candidates, settings.Temperature, random);
            if (token == NgramModel.Boundary)
            {
                yield break;
            }

            yield return count > 0 && Tokenizer.IsWord(token) ? " " + token : token;
            (beforeLast, last) = (last, token);
        }
    }

    private (string BeforeLast, string Last) ContextOf(string prompt)
    {
        var (beforeLast, last) = (NgramModel.Boundary, NgramModel.Boundary);
        foreach (var token in Tokenizer.Split(prompt))
        {
            var known = model.Knows(token) ? token : token.ToLowerInvariant();
            if (model.Knows(known))
            {
                (beforeLast, last) = (last, known);
            }
        }

        return (beforeLast, last);
    }

    private static string Draw(List<(string Token, double Likelihood)> candidates, double temperature, Random random)
    {
        var likeliest = candidates.MaxBy(candidate => candidate.Likelihood);
        if (temperature == 0)
        {
            return likeliest.Token;
        }

        // Relative to the likeliest, so that a low temperature does not make every weight vanish.
        var weights = candidates.ConvertAll(candidate => Math.Pow(candidate.Likelihood / likeliest.Likelihood, 1 / temperature));
        var left = random.NextDouble() * weights.Sum();
        for (var i = 0; i < weights.Count - 1; i++)
        {
            left -= weights[i];
            if (left < 0)
            {
                return candidates[i].Token;
            }
        }

        return candidates[^1].Token;
    }
}
