namespace Gateway.Api.Usage;

/// <summary>
/// What a call of a model is likely to use that its request does not say: how long the answer is, and how many tokens it takes. The wire
/// does not tell the most tokens of an answer, nor how a model cuts a prompt into tokens; the calls before do, on average.
/// </summary>
internal sealed class CallEstimate
{
    // The weight of the latest call: 1/8 forgets a few odd ones, and follows those that stay so.
    private const double Weight = 0.125;

    private double _responseBytes;
    private double _promptTokens;
    private double _completionTokens;
    private double _cachedTokens;
    private bool _hasLearned;

    /// <summary>The bytes of the answer.</summary>
    public long ResponseBytes => (long)_responseBytes;

    /// <summary>The tokens of the prompt.</summary>
    public long PromptTokens => TokensOf(_promptTokens);

    /// <summary>The tokens of the completion.</summary>
    public long CompletionTokens => TokensOf(_completionTokens);

    /// <summary>The tokens that the model had kept.</summary>
    public long CachedTokens => TokensOf(_cachedTokens);

    /// <summary>Learns what a call has used.</summary>
    public void Learn(long responseBytes, in OutputTokens tokens)
    {
        var weight = _hasLearned ? Weight : 1;
        _hasLearned = true;
        _responseBytes += (responseBytes - _responseBytes) * weight;
        _promptTokens += (tokens.Prompt - _promptTokens) * weight;
        _completionTokens += (tokens.Completion - _completionTokens) * weight;
        _cachedTokens += (tokens.Cached - _cachedTokens) * weight;
    }

    // A model of which nothing is known may count tokens: such a call needs some to be left.
    private long TokensOf(double mean) => _hasLearned ? (long)Math.Ceiling(mean) : 1;
}
