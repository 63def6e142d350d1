namespace Gateway.Store.Usage;

/// <summary>What a budget can be in. The numbers are stored.</summary>
public enum UsageMeasure
{
    /// <summary>Calls.</summary>
    Requests = 0,

    /// <summary>Inputs of calls.</summary>
    Inputs = 1,

    /// <summary>Bytes of messages, both ways.</summary>
    Bytes = 2,

    /// <summary>Tokens read by language models.</summary>
    PromptTokens = 3,

    /// <summary>Tokens written by language models.</summary>
    CompletionTokens = 4,

    /// <summary>Tokens read from a cache.</summary>
    CachedTokens = 5,
}
