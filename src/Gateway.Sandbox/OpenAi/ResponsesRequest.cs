using System.Text.Json.Nodes;

namespace Gateway.Sandbox.OpenAi;

/// <summary>Requests of Responses, as chat completions have them.</summary>
internal static class ResponsesRequest
{
    // What a member of a chat is called here, by how its name begins.
    private static readonly (string Chat, string Response)[] Names =
    [
        ("messages", "input"), ("max_tokens", "max_output_tokens"),
        (ResponseFormat.Parameter + ".json_schema", "text.format"), (ResponseFormat.Parameter, "text.format"),
    ];

    /// <summary>What no chat has a name for: there is no text, or it is to go on where another response ended.</summary>
    public static RequestError? FindFault(JsonObject request) =>
        request["previous_response_id"] is not null
            ? new RequestError("previous_response_id", "not supported, as responses are not kept; input can hold all of the conversation")
        : request["input"] is JsonArray || request["input"].Text() is not null ? null
        : new RequestError("input", "a text or a list was expected");

    /// <summary>Translates a request.</summary>
    public static JsonObject ToChat(JsonObject request) => new()
    {
        ["model"] = request["model"]?.DeepClone(),
        ["messages"] = request["input"] is JsonArray list
            ? new JsonArray([.. list.Select(item => MessageOf(item, list))])
            : new JsonArray(new JsonObject { ["role"] = "user", ["content"] = request["input"]?.DeepClone() }),
        ["max_tokens"] = request["max_output_tokens"]?.DeepClone(),
        ["temperature"] = request["temperature"]?.DeepClone(),
        ["top_p"] = request["top_p"]?.DeepClone(),
        ["top_logprobs"] = request["top_logprobs"]?.DeepClone(),
        ["stream_options"] = request["stream_options"]?.DeepClone(),
        ["response_format"] = FormatOf(request["text"].Member("format")),
        ["tools"] = request["tools"] is JsonArray tools ? new JsonArray([.. tools.Select(FunctionOf)]) : request["tools"]?.DeepClone(),
        ["tool_choice"] = request["tool_choice"] is JsonObject choice ? FunctionOf(choice) : request["tool_choice"]?.DeepClone(),
    };

    /// <summary>What is wrong with a request, by the names that it has here.</summary>
    public static RequestError Translate(RequestError error)
    {
        var name = Array.Find(Names, name => error.Parameter.StartsWith(name.Chat, StringComparison.Ordinal));
        var parameter = name.Chat is null ? error.Parameter : name.Response + error.Parameter[name.Chat.Length..];
        return error with
        {
            Parameter = parameter.Replace("].function.", "].", StringComparison.Ordinal)
                .Replace("].tool_call_id", "].call_id", StringComparison.Ordinal),
            Message = error.Message.Replace(ResponseFormat.Parameter, "text.format", StringComparison.Ordinal),
        };
    }

    // Items that are no messages are the assistant's: its calls, and what it thought.
    private static JsonNode? MessageOf(JsonNode? item, JsonArray input) => item.Member("type").Text() switch
    {
        "message" or null => item?.DeepClone(),
        "function_call_output" => new JsonObject
        {
            ["role"] = "tool",
            ["tool_call_id"] = item.Member("call_id")?.DeepClone(),
            ["content"] = item.Member("output")?.DeepClone(),
        },
        "function_call" => CallsOf([item]),

        // Items are not kept: it may have been any call that has an output.
        "item_reference" => CallsOf(input.Where(other => other.Member("type").Text() == "function_call_output")),
        _ => CallsOf([]),
    };

    private static JsonObject CallsOf(IEnumerable<JsonNode?> items) => new()
    {
        ["role"] = "assistant",
        ["tool_calls"] = new JsonArray([.. items.Select(item => new JsonObject { ["id"] = item.Member("call_id")?.DeepClone() })]),
    };

    private static JsonNode? FormatOf(JsonNode? format) => format.Member("type").Text() == "json_schema"
        ? new JsonObject { ["type"] = "json_schema", ["json_schema"] = format!.DeepClone() }
        : format?.DeepClone();

    private static JsonObject FunctionOf(JsonNode? tool) =>
        new() { ["type"] = tool.Member("type")?.DeepClone(), ["function"] = tool?.DeepClone() };
}
