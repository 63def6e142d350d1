namespace Gateway.Store.Usage;

/// <summary>What was used. Amounts are never negative; sums stay at the largest number rather than to overflow.</summary>
/// <param name="Requests">Calls.</param>
/// <param name="Inputs">Inputs of calls.</param>
/// <param name="RequestBytes">Bytes of messages sent upstream.</param>
/// <param name="ResponseBytes">Bytes of messages that came back.</param>
/// <param name="PromptTokens">Tokens read by language models.</param>
/// <param name="CompletionTokens">Tokens written by language models.</param>
/// <param name="CachedTokens">Those of the tokens read that came from a cache.</param>
public readonly record struct UsageAmounts(
    long Requests, long Inputs, long RequestBytes, long ResponseBytes, long PromptTokens, long CompletionTokens, long CachedTokens)
{
    /// <summary>What a budget goes by.</summary>
    public long this[UsageMeasure measure] => measure switch
    {
        UsageMeasure.Requests => Requests,
        UsageMeasure.Inputs => Inputs,
        UsageMeasure.Bytes => Sum(RequestBytes, ResponseBytes),
        UsageMeasure.PromptTokens => PromptTokens,
        UsageMeasure.CompletionTokens => CompletionTokens,
        UsageMeasure.CachedTokens => CachedTokens,
        _ => throw new ArgumentOutOfRangeException(nameof(measure)),
    };

    /// <summary>Adds up.</summary>
    public static UsageAmounts operator +(UsageAmounts left, UsageAmounts right) => new(
        Sum(left.Requests, right.Requests),
        Sum(left.Inputs, right.Inputs),
        Sum(left.RequestBytes, right.RequestBytes),
        Sum(left.ResponseBytes, right.ResponseBytes),
        Sum(left.PromptTokens, right.PromptTokens),
        Sum(left.CompletionTokens, right.CompletionTokens),
        Sum(left.CachedTokens, right.CachedTokens));

    /// <summary>The same as <c>+</c>.</summary>
    public UsageAmounts Add(UsageAmounts other) => this + other;

    /// <summary>Adds up amounts; negative ones are none, and too large sums the largest number.</summary>
    internal static long Sum(long left, long right)
    {
        var (a, b) = (Math.Max(left, 0), Math.Max(right, 0));
        return a > long.MaxValue - b ? long.MaxValue : a + b;
    }
}
