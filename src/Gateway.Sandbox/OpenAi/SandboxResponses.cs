using System.Text.Json.Nodes;
using Gateway.Sandbox.Text;

namespace Gateway.Sandbox.OpenAi;

/// <summary>Responses: text in, one message of text out, which continues the last of the input.</summary>
internal sealed class SandboxResponses(TextContinuation continuation, TimeProvider time) : StreamingEndpoint("/responses")
{
    public override JsonObject Answer(JsonObject request)
    {
        if (!ChatRequest.TryParse(ToChat(request), out var chat, out var error))
        {
            return OpenAiError.Of(error);
        }

        var pieces = continuation.Continue(chat.Prompt, chat.Settings).ToList();
        return Response(Id("resp"), Id("msg"), chat, pieces);
    }

    /// <summary>The events of a streamed answer, each with its number.</summary>
    public override IEnumerable<JsonObject> Stream(JsonObject request) =>
        ChatRequest.TryParse(ToChat(request), out var chat, out var error) ? Events(chat).Select(Number) : [OpenAiError.Of(error)];

    private static JsonObject Number(JsonObject @event, int number)
    {
        @event["sequence_number"] = number;
        return @event;
    }

    private IEnumerable<JsonObject> Events(ChatRequest chat)
    {
        var (id, message) = (Id("resp"), Id("msg"));
        yield return Event("response.created", ("response", Response(id, message, chat, pieces: null)));
        yield return Event("response.output_item.added", ("output_index", 0), ("item", Message(message, text: null)));
        yield return ContentEvent("response.content_part.added", message, ("part", Part("")));

        var pieces = new List<string>();
        foreach (var piece in continuation.Continue(chat.Prompt, chat.Settings))
        {
            pieces.Add(piece);
            yield return ContentEvent("response.output_text.delta", message, ("delta", piece), ("logprobs", new JsonArray()));
        }

        var text = string.Concat(pieces);
        yield return ContentEvent("response.output_text.done", message, ("text", text), ("logprobs", new JsonArray()));
        yield return ContentEvent("response.content_part.done", message, ("part", Part(text)));
        yield return Event("response.output_item.done", ("output_index", 0), ("item", Message(message, text)));
        var whole = Response(id, message, chat, pieces);
        yield return Event($"response.{(string)whole["status"]!}", ("response", whole));
    }

    // The input is a text, or a list of messages.
    private static JsonObject ToChat(JsonObject request) => new()
    {
        ["model"] = request["model"]?.DeepClone(),
        ["messages"] = request["input"] is JsonArray list
            ? list.DeepClone()
            : new JsonArray(new JsonObject { ["content"] = request["input"]?.DeepClone() }),
        ["max_tokens"] = request["max_output_tokens"]?.DeepClone(),
        ["temperature"] = request["temperature"]?.DeepClone(),
    };

    private JsonObject Response(string id, string message, ChatRequest chat, List<string>? pieces)
    {
        var isCut = pieces?.Count >= chat.Settings.MaxTokens;
        return new JsonObject
        {
            ["id"] = id,
            ["object"] = "response",
            ["created_at"] = time.GetUtcNow().ToUnixTimeSeconds(),
            ["status"] = pieces is null ? "in_progress" : isCut ? "incomplete" : "completed",
            ["error"] = null,
            ["incomplete_details"] = isCut ? new JsonObject { ["reason"] = "max_output_tokens" } : null,
            ["instructions"] = null,
            ["metadata"] = new JsonObject(),
            ["model"] = chat.Model,
            ["output"] = pieces is null ? [] : new JsonArray(Message(message, string.Concat(pieces))),
            ["parallel_tool_calls"] = false,
            ["temperature"] = chat.Settings.Temperature,
            ["tool_choice"] = "none",
            ["tools"] = new JsonArray(),
            ["top_p"] = 1,
            ["usage"] = pieces is null ? null : Usage(chat.PromptTokens, pieces.Count),
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

    private static JsonObject Part(string text) => new() { ["type"] = "output_text", ["text"] = text, ["annotations"] = new JsonArray() };

    private static JsonObject ContentEvent(string type, string message, params (string Name, JsonNode? Value)[] members) =>
        Event(type, [("item_id", message), ("output_index", 0), ("content_index", 0), .. members]);

    private static JsonObject Event(string type, params (string Name, JsonNode? Value)[] members) =>
        new(members.Select(member => KeyValuePair.Create(member.Name, member.Value)).Prepend(KeyValuePair.Create("type", (JsonNode?)type)));

    private static string Id(string kind) => $"{kind}_{Guid.NewGuid():N}";
}
