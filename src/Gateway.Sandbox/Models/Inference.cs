using Clarifai.Api;
using Clarifai.Api.Status;

namespace Gateway.Sandbox.Models;

/// <summary>What a model answers to one input, or one piece of it in a stream: data, or the reason why there is none.</summary>
internal sealed record Inference(Data Data)
{
    public Failure? Failure { get; private init; }

    /// <summary>Tokens read; zero for models that do not count.</summary>
    public int PromptTokens { get; init; }

    /// <summary>Tokens made by this answer, or by this piece of it.</summary>
    public int CompletionTokens { get; init; }

    public static Inference Failed(StatusCode code, string details) => Failed(new Failure(code, details));

    public static Inference Failed(Failure failure) => new(new Data()) { Failure = failure };
}
