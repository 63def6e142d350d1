using Gateway.Core.Upstream;

namespace Gateway.Api.Configuration;

/// <summary>How much a tenant may use in a calendar month (UTC). What is null has no limit.</summary>
internal sealed class BudgetOptions
{
    /// <summary>Calls of the API.</summary>
    [Positive]
    public long? Requests { get; set; }

    /// <summary>Inputs of predictions.</summary>
    [Positive]
    public long? Inputs { get; set; }

    /// <summary>Bytes of requests and answers, as they go to the upstream and come from it.</summary>
    [Positive]
    public long? Bytes { get; set; }

    /// <summary>Tokens of prompts.</summary>
    [Positive]
    public long? PromptTokens { get; set; }

    /// <summary>Tokens of completions.</summary>
    [Positive]
    public long? CompletionTokens { get; set; }

    /// <summary>Tokens of prompts that the model had kept.</summary>
    [Positive]
    public long? CachedTokens { get; set; }
}
