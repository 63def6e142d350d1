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

    /// <summary>Translates a request.</summary>
    public static JsonObject ToChat(JsonObject request) => new()
    {
        ["model"] = request["model"]?.DeepClone(),
        ["messages"] = request["input"] is JsonArray list
            ? new JsonArray([.. list.Select(MessageOf)])
            : new JsonArray(new JsonObject { ["content"] = request["input"]?.DeepClone() }),
        ["max_tokens"] = request["max_output_tokens"]?.DeepClone(),
        ["temperature"] = request["temperature"]?.DeepClone(),
        ["response_format"] = FormatOf(request["text"].Member("format")),
        ["tools"] = new JsonArray([.. (request["tools"] as JsonArray ?? []).Select(FunctionOf)]),
        ["tool_choice"] = request["tool_choice"] is JsonObject choice ? FunctionOf(choice) : request["tool_choice"]?.DeepClone(),
    };

    /// <summary>What is wrong with a request, by the names that it has here.</summary>
    public static RequestError Translate(RequestError error)
    {
        var name = Array.Find(Names, name => error.Parameter.StartsWith(name.Chat, StringComparison.Ordinal));
        var parameter = name.Chat is null ? error.Parameter : name.Response + error.Parameter[name.Chat.Length..];
        return error with
        {
            Parameter = parameter.Replace("].function.", "].", StringComparison.Ordinal),
            Message = error.Message.Replace(ResponseFormat.Parameter, "text.format", StringComparison.Ordinal),
        };
    }

    // Items that are no messages are the assistant's: its calls, and what it thought.
    private static JsonNode? MessageOf(JsonNode? item) => item.Member("type").Text() switch
    {
        "message" or null => item?.DeepClone(),
        "function_call_output" => new JsonObject { ["role"] = "tool", ["content"] = item.Member("output")?.DeepClone() },
        _ => new JsonObject { ["role"] = "assistant" },
    };

    private static JsonNode? FormatOf(JsonNode? format) => format.Member("type").Text() == "json_schema"
        ? new JsonObject { ["type"] = "json_schema", ["json_schema"] = format!.DeepClone() }
        : format?.DeepClone();

    // A tool that is no function has no name, either.
    private static JsonObject FunctionOf(JsonNode? tool) => new() { ["type"] = "function", ["function"] = tool?.DeepClone() };
}
