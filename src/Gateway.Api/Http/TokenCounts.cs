using System.Globalization;
using System.Text.Json;
using Clarifai.Api;

namespace Gateway.Api.Http;

/// <summary>
/// The tokens that a call took: told in headers, or in the last record of a stream, which finds them among the request's features.
/// </summary>
internal sealed class TokenCounts
{
    private const string PromptHeader = "X-Prompt-Tokens";
    private const string CompletionHeader = "X-Completion-Tokens";
    private const string CachedHeader = "X-Cached-Tokens";

    /// <summary>Tokens of the prompt; 0 when the model does not count.</summary>
    public long Prompt { get; private set; }

    /// <summary>Tokens that the model made.</summary>
    public long Completion { get; private set; }

    /// <summary>Tokens of the prompt that the model had seen before.</summary>
    public long Cached { get; private set; }

    private bool IsEmpty => Prompt + Completion + Cached == 0;

    /// <summary>Adds an output of a batch.</summary>
    public void Add(Output output) => Add(output.PromptTokens, output.CompletionTokens, output.CachedTokens);

    /// <summary>Adds tokens.</summary>
    public void Add(long prompt, long completion, long cached)
    {
        Prompt += prompt;
        Completion += completion;
        Cached += cached;
    }

    /// <summary>Adds a piece of a stream, each of which may repeat what is known of the prompt.</summary>
    public void AddPiece(Output output) => AddPiece(output.PromptTokens, output.CompletionTokens, output.CachedTokens);

    /// <summary>Adds the tokens of a piece.</summary>
    public void AddPiece(long prompt, long completion, long cached)
    {
        Prompt = Math.Max(Prompt, prompt);
        Completion += completion;
        Cached = Math.Max(Cached, cached);
    }

    /// <summary>Sets the headers; none when the model does not count.</summary>
    public void SetHeaders(HttpResponse response)
    {
        if (IsEmpty)
        {
            return;
        }

        response.Headers[PromptHeader] = Text(Prompt);
        response.Headers[CompletionHeader] = Text(Completion);
        response.Headers[CachedHeader] = Text(Cached);
    }

    /// <summary>Writes them as a member of an object; nothing when the model does not count.</summary>
    public void WriteMember(Utf8JsonWriter json)
    {
        if (IsEmpty)
        {
            return;
        }

        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, Prompt);
        json.WriteNumber("completion_tokens"u8, Completion);
        json.WriteNumber("cached_tokens"u8, Cached);
        json.WriteEndObject();
    }

    private static string Text(long count) => count.ToString(CultureInfo.InvariantCulture);
}
