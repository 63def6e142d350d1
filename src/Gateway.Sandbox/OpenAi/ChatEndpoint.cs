using System.Text.Json.Nodes;
using Gateway.Sandbox.Text;

namespace Gateway.Sandbox.OpenAi;

/// <summary>Chat completions: the answer continues the last message. Tools are never called.</summary>
internal sealed class ChatEndpoint(TextContinuation continuation, TimeProvider time) : OpenAiEndpoint("/chat/completions")
{
    public override JsonObject Answer(JsonObject request)
    {
        if (!ChatRequest.TryParse(request, out var chat, out var error)) return OpenAiError.Of(error);

        var pieces = continuation.Continue(chat.Prompt, chat.Settings).ToList();
        var message = new JsonObject { ["role"] = "assistant", ["content"] = string.Concat(pieces), ["refusal"] = null };
        var choice = new JsonObject { ["index"] = 0, ["message"] = message, ["logprobs"] = null, ["finish_reason"] = FinishReason(pieces.Count, chat) };

        var response = Envelope("chat.completion", chat);
        response["choices"] = new JsonArray(choice);
        response["usage"] = Usage(chat, pieces.Count);
        return response;
    }

    /// <summary>The chunks of a streamed answer: the role, one for each token, the reason of the end, and the usage if asked for.</summary>
    public IEnumerable<JsonObject> Stream(JsonObject request) =>
        ChatRequest.TryParse(request, out var chat, out var error) ? Chunks(chat) : [OpenAiError.Of(error)];

    private IEnumerable<JsonObject> Chunks(ChatRequest chat)
    {
        var envelope = Envelope("chat.completion.chunk", chat);
        yield return Chunk(envelope, new JsonObject { ["role"] = "assistant", ["content"] = "" }, null);

        var count = 0;
        foreach (var piece in continuation.Continue(chat.Prompt, chat.Settings))
        {
            count++;
            yield return Chunk(envelope, new JsonObject { ["content"] = piece }, null);
        }

        yield return Chunk(envelope, [], FinishReason(count, chat));
        if (chat.IncludeUsage) yield return UsageChunk(envelope, Usage(chat, count));
    }

    private JsonObject Envelope(string kind, ChatRequest chat) => new()
    {
        ["id"] = $"chatcmpl-{Guid.NewGuid():N}",
        ["object"] = kind,
        ["created"] = time.GetUtcNow().ToUnixTimeSeconds(),
        ["model"] = chat.Model,
    };

    private static JsonObject Chunk(JsonObject envelope, JsonObject delta, string? finishReason)
    {
        var chunk = (JsonObject)envelope.DeepClone();
        chunk["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["logprobs"] = null, ["finish_reason"] = finishReason });
        return chunk;
    }

    private static JsonObject UsageChunk(JsonObject envelope, JsonObject usage)
    {
        var chunk = (JsonObject)envelope.DeepClone();
        chunk["choices"] = new JsonArray();
        chunk["usage"] = usage;
        return chunk;
    }

    private static string FinishReason(int tokens, ChatRequest chat) => tokens < chat.Settings.MaxTokens ? "stop" : "length";

    private static JsonObject Usage(ChatRequest chat, int completionTokens) => new()
    {
        ["prompt_tokens"] = chat.PromptTokens,
        ["completion_tokens"] = completionTokens,
        ["total_tokens"] = chat.PromptTokens + completionTokens,
    };
}
