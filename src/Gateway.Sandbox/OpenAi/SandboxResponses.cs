using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Gateway.Sandbox.Text;

namespace Gateway.Sandbox.OpenAi;

/// <summary>Responses: text and the results of tools in, one message of text or one call out.</summary>
internal sealed class SandboxResponses(ChatModel model, TimeProvider time) : StreamingEndpoint("/responses")
{
    public override JsonObject Answer(JsonObject request)
    {
        if (!TryAnswer(request, out var reply, out var error))
        {
            return OpenAiError.Of(error);
        }

        var item = reply.Call is { } call ? CallItem(Id("fc"), call, call.Arguments) : Message(Id("msg"), string.Concat(reply.Pieces()));
        return Response(Id("resp"), request, reply, item);
    }

    /// <summary>The events of a streamed answer, each with its number.</summary>
    public override IEnumerable<JsonObject> Stream(JsonObject request) =>
        TryAnswer(request, out var reply, out var error) ? Events(request, reply).Select(Number) : [OpenAiError.Of(error)];

    private bool TryAnswer(JsonObject request, [NotNullWhen(true)] out ChatReply? reply, [NotNullWhen(false)] out RequestError? error)
    {
        reply = null;
        error = ResponsesRequest.FindFault(request);
        if (error is not null || model.TryAnswer(ResponsesRequest.ToChat(request), out reply, out error))
        {
            return error is null;
        }

        error = ResponsesRequest.Translate(error);
        return false;
    }

    private static JsonObject Number(JsonObject @event, int number)
    {
        @event["sequence_number"] = number;
        return @event;
    }

    private IEnumerable<JsonObject> Events(JsonObject request, ChatReply reply)
    {
        var id = Id("resp");
        yield return Event("response.created", ("response", Response(id, request, reply, item: null)));

        JsonObject? item = null;
        foreach (var @event in reply.Call is { } call ? CallEvents(Id("fc"), call) : MessageEvents(Id("msg"), reply))
        {
            item = @event["item"] as JsonObject ?? item;
            yield return @event;
        }

        var whole = Response(id, request, reply, (JsonObject)item!.DeepClone());
        yield return Event($"response.{(string)whole["status"]!}", ("response", whole));
    }

    private static IEnumerable<JsonObject> MessageEvents(string id, ChatReply reply)
    {
        yield return ItemEvent("added", Message(id, text: null));
        yield return ContentEvent("response.content_part.added", id, ("part", Part("")));

        var pieces = new List<string>();
        foreach (var piece in reply.Pieces())
        {
            pieces.Add(piece);
            yield return ContentEvent("response.output_text.delta", id, ("delta", piece), ("logprobs", new JsonArray()));
        }

        var text = string.Concat(pieces);
        yield return ContentEvent("response.output_text.done", id, ("text", text), ("logprobs", new JsonArray()));
        yield return ContentEvent("response.content_part.done", id, ("part", Part(text)));
        yield return ItemEvent("done", Message(id, text));
    }

    private static IEnumerable<JsonObject> CallEvents(string id, FunctionCall call)
    {
        const string Arguments = "response.function_call_arguments";
        yield return ItemEvent("added", CallItem(id, call, arguments: null));
        foreach (var piece in Tokenizer.Pieces(call.Arguments))
        {
            yield return Event($"{Arguments}.delta", ("item_id", id), ("output_index", 0), ("delta", piece));
        }

        yield return Event($"{Arguments}.done", ("item_id", id), ("output_index", 0), ("name", call.Name), ("arguments", call.Arguments));
        yield return ItemEvent("done", CallItem(id, call, call.Arguments));
    }

    private JsonObject Response(string id, JsonObject request, ChatReply reply, JsonObject? item)
    {
        var isCut = item is not null && reply.IsCut;
        return new JsonObject
        {
            ["id"] = id,
            ["object"] = "response",
            ["created_at"] = time.GetUtcNow().ToUnixTimeSeconds(),
            ["status"] = item is null ? "in_progress" : isCut ? "incomplete" : "completed",
            ["error"] = null,
            ["incomplete_details"] = isCut ? new JsonObject { ["reason"] = "max_output_tokens" } : null,
            ["instructions"] = null,
            ["metadata"] = new JsonObject(),
            ["model"] = reply.Request.Model,
            ["output"] = item is null ? [] : new JsonArray(item),
            ["parallel_tool_calls"] = false,
            ["temperature"] = reply.Request.Settings.Temperature,
            ["text"] = request["text"]?.DeepClone() ?? new JsonObject { ["format"] = new JsonObject { ["type"] = "text" } },
            ["tool_choice"] = request["tool_choice"]?.DeepClone() ?? "auto",
            ["tools"] = request["tools"]?.DeepClone() ?? new JsonArray(),
            ["top_p"] = 1,
            ["usage"] = item is null ? null : Usage(reply.Request.Conversation.Tokens, reply.CompletionTokens),
        };
    }

    private static JsonObject Usage(int input, int output) => new()
    {
        ["input_tokens"] = input,
        ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = 0 },
        ["output_tokens"] = output,
        ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 0 },
        ["total_tokens"] = input + output,
    };

    private static JsonObject Message(string id, string? text) => new()
    {
        ["id"] = id,
        ["type"] = "message",
        ["status"] = text is null ? "in_progress" : "completed",
        ["role"] = "assistant",
        ["content"] = text is null ? [] : new JsonArray(Part(text)),
    };

    private static JsonObject CallItem(string id, FunctionCall call, string? arguments) => new()
    {
        ["id"] = id,
        ["type"] = "function_call",
        ["status"] = arguments is null ? "in_progress" : "completed",
        ["call_id"] = call.Id,
        ["name"] = call.Name,
        ["arguments"] = arguments ?? "",
    };

    private static JsonObject Part(string text) => new() { ["type"] = "output_text", ["text"] = text, ["annotations"] = new JsonArray() };

    private static JsonObject ItemEvent(string what, JsonObject item) =>
        Event($"response.output_item.{what}", ("output_index", 0), ("item", item));

    private static JsonObject ContentEvent(string type, string message, params (string Name, JsonNode? Value)[] members) =>
        Event(type, [("item_id", message), ("output_index", 0), ("content_index", 0), .. members]);

    private static JsonObject Event(string type, params (string Name, JsonNode? Value)[] members) =>
        new(members.Select(member => KeyValuePair.Create(member.Name, member.Value)).Prepend(KeyValuePair.Create("type", (JsonNode?)type)));

    private static string Id(string kind) => $"{kind}_{Guid.NewGuid():N}";
}
