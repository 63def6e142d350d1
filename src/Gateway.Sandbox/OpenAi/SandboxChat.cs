using System.Text.Json.Nodes;
using Gateway.Sandbox.Text;

namespace Gateway.Sandbox.OpenAi;

/// <summary>Chat completions.</summary>
internal sealed class SandboxChat(ChatModel model, TimeProvider time) : StreamingEndpoint("/chat/completions")
{
    public override JsonObject Answer(JsonObject request)
    {
        if (!model.TryAnswer(request, out var reply, out var error))
        {
            return OpenAiError.Of(error);
        }

        var message =
            new JsonObject
            {
                ["role"] = "assistant",
                ["content"] = reply.Call is null ? string.Concat(reply.Pieces()) : null,
                ["refusal"] = null,
            };
        if (reply.Call is { } call)
        {
            message["tool_calls"] = new JsonArray(call.ToJson());
        }

        var choice =
            new JsonObject
            {
                ["index"] = 0,
                ["message"] = message,
                ["logprobs"] = null,
                ["finish_reason"] = FinishReason(reply),
            };

        var response = Envelope("chat.completion", reply.Request);
        response["choices"] = new JsonArray(choice);
        response["usage"] = Usage(reply);
        return response;
    }

    /// <summary>The chunks of a streamed answer: the role, one for each token, the reason of the end, and the usage if asked for.</summary>
    public override IEnumerable<JsonObject> Stream(JsonObject request) =>
        model.TryAnswer(request, out var reply, out var error) ? Chunks(reply) : [OpenAiError.Of(error)];

    private IEnumerable<JsonObject> Chunks(ChatReply reply)
    {
        var envelope = Envelope("chat.completion.chunk", reply.Request);
        yield return Chunk(envelope, new JsonObject { ["role"] = "assistant", ["content"] = reply.Call is null ? "" : null }, null);

        foreach (var delta in CallDeltas(reply.Call))
        {
            yield return Chunk(envelope, delta, null);
        }

        foreach (var piece in reply.Pieces())
        {
            yield return Chunk(envelope, new JsonObject { ["content"] = piece }, null);
        }

        yield return Chunk(envelope, [], FinishReason(reply));
        if (reply.Request.IncludeUsage)
        {
            yield return UsageChunk(envelope, Usage(reply));
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

    // The name first, then the arguments token by token, as clients have to put them together.
    private static IEnumerable<JsonObject> CallDeltas(FunctionCall? call)
    {
        if (call is null)
        {
            yield break;
        }

        var first = call.ToJson("");
        first["index"] = 0;
        yield return CallDelta(first);
        foreach (var piece in Tokenizer.Pieces(call.Arguments))
        {
            yield return CallDelta(new JsonObject { ["index"] = 0, ["function"] = new JsonObject { ["arguments"] = piece } });
        }
    }

    private static JsonObject CallDelta(JsonObject call) => new() { ["tool_calls"] = new JsonArray(call) };

    private static string FinishReason(ChatReply reply) => reply.Call is not null ? "tool_calls" : reply.IsCut ? "length" : "stop";

    private static JsonObject Usage(ChatReply reply) => new()
    {
        ["prompt_tokens"] = reply.Request.Conversation.Tokens,
        ["completion_tokens"] = reply.CompletionTokens,
        ["total_tokens"] = reply.Request.Conversation.Tokens + reply.CompletionTokens,
    };
}
