using System.Text.Json.Nodes;
using Gateway.Sandbox.Text;

namespace Gateway.Sandbox.OpenAi;

/// <summary>Chat completions: the answer continues the last message, or calls a tool.</summary>
internal sealed class SandboxChat(TextContinuation continuation, TimeProvider time) : StreamingEndpoint("/chat/completions")
{
    public override JsonObject Answer(JsonObject request)
    {
        if (!ChatRequest.TryParse(request, out var chat, out var error))
        {
            return OpenAiError.Of(error);
        }

        var pieces = chat.FunctionCall is null ? continuation.Continue(chat.Prompt, chat.Settings).ToList() : [];
        var message =
            new JsonObject
            {
                ["role"] = "assistant",
                ["content"] = chat.FunctionCall is null ? string.Concat(pieces) : null,
                ["refusal"] = null,
            };
        if (chat.FunctionCall is { } call)
        {
            message["tool_calls"] = new JsonArray(call.ToJson(NewCallId()));
        }

        var choice =
            new JsonObject
            {
                ["index"] = 0,
                ["message"] = message,
                ["logprobs"] = null,
                ["finish_reason"] = FinishReason(pieces.Count, chat),
            };

        var response = Envelope("chat.completion", chat);
        response["choices"] = new JsonArray(choice);
        response["usage"] = Usage(chat, CompletionTokens(chat, pieces.Count));
        return response;
    }

    /// <summary>The chunks of a streamed answer: the role, one for each token, the reason of the end, and the usage if asked for.</summary>
    public override IEnumerable<JsonObject> Stream(JsonObject request) =>
        ChatRequest.TryParse(request, out var chat, out var error) ? Chunks(chat) : [OpenAiError.Of(error)];

    private IEnumerable<JsonObject> Chunks(ChatRequest chat)
    {
        var envelope = Envelope("chat.completion.chunk", chat);
        yield return Chunk(envelope, new JsonObject { ["role"] = "assistant", ["content"] = "" }, null);

        foreach (var delta in CallDeltas(chat.FunctionCall))
        {
            yield return Chunk(envelope, delta, null);
        }

        var count = 0;
        foreach (var piece in chat.FunctionCall is null ? continuation.Continue(chat.Prompt, chat.Settings) : [])
        {
            count++;
            yield return Chunk(envelope, new JsonObject { ["content"] = piece }, null);
        }

        yield return Chunk(envelope, [], FinishReason(count, chat));
        if (chat.IncludeUsage)
        {
            yield return UsageChunk(envelope, Usage(chat, CompletionTokens(chat, count)));
        }
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
        chunk["choices"] = new JsonArray(
            new JsonObject { ["index"] = 0, ["delta"] = delta, ["logprobs"] = null, ["finish_reason"] = finishReason });
        return chunk;
    }

    private static JsonObject UsageChunk(JsonObject envelope, JsonObject usage)
    {
        var chunk = (JsonObject)envelope.DeepClone();
        chunk["choices"] = new JsonArray();
        chunk["usage"] = usage;
        return chunk;
    }

    // The name first, then the arguments in two pieces, as clients have to put them together.
    private static IEnumerable<JsonObject> CallDeltas(FunctionCall? call)
    {
        if (call is null)
        {
            yield break;
        }

        var half = call.Arguments.Length / 2;
        var first = (call with { Arguments = "" }).ToJson(NewCallId());
        first["index"] = 0;
        yield return CallDelta(first);
        foreach (var piece in new[] { call.Arguments[..half], call.Arguments[half..] })
        {
            yield return CallDelta(new JsonObject { ["index"] = 0, ["function"] = new JsonObject { ["arguments"] = piece } });
        }
    }

    private static JsonObject CallDelta(JsonObject call) => new() { ["tool_calls"] = new JsonArray(call) };

    private static string NewCallId() => $"call_{Guid.NewGuid():N}";

    private static int CompletionTokens(ChatRequest chat, int pieces) =>
        chat.FunctionCall is { } call ? Tokenizer.Count(call.Arguments) : pieces;

    private static string FinishReason(int tokens, ChatRequest chat) =>
        chat.FunctionCall is not null ? "tool_calls" : tokens < chat.Settings.MaxTokens ? "stop" : "length";

    private static JsonObject Usage(ChatRequest chat, int completionTokens) => new()
    {
        ["prompt_tokens"] = chat.PromptTokens,
        ["completion_tokens"] = completionTokens,
        ["total_tokens"] = chat.PromptTokens + completionTokens,
    };
}
