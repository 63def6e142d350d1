namespace Gateway.Store.Model;

/// <summary>The counters of a row of usage. None is negative.</summary>
internal abstract class UsageCounters
{
    public long Requests { get; init; }

    public long Inputs { get; init; }

    public long RequestBytes { get; init; }

    public long ResponseBytes { get; init; }

    public long PromptTokens { get; init; }

    public long CompletionTokens { get; init; }

    public long CachedTokens { get; init; }
}
