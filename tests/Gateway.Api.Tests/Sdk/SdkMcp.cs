using System.Text.Json.Nodes;

namespace Gateway.Api.Tests.Sdk;

/// <summary>
/// A model that speaks MCP as the SDK's class for it does: text of one JSON-RPC message in; out the bare result of a request, a whole JSON-RPC object for
/// an error, <c>{}</c> for a notification. It has one tool, <c>add</c>.
/// </summary>
internal static class SdkMcp
{
    private const string Newest = "2025-11-25";

    /// <summary>The method.</summary>
    /// <param name="argument">The name that the model's author gave to its argument.</param>
    public static SdkMethod Method(string argument = "msg") => SdkMethod.Transport("mcp_transport", argument, Answer);

    private static string Answer(string text)
    {
        var message = JsonNode.Parse(text)!.AsObject();
        var method = (string)message["method"]!;
        return (method.StartsWith("notifications/", StringComparison.Ordinal) ? [] : Result(method, message)).ToJsonString();
    }

    private static JsonObject Result(string method, JsonObject message) => method switch
    {
        "initialize" => new JsonObject
        {
            ["protocolVersion"] = Newest,
            ["capabilities"] = new JsonObject { ["experimental"] = new JsonObject(), ["tools"] = new JsonObject { ["listChanged"] = true } },
            ["serverInfo"] = new JsonObject { ["name"] = "sdk-tools", ["version"] = "1.0" },
        },
        "ping" => [],
        "tools/list" => new JsonObject { ["tools"] = new JsonArray(Tool()) },
        "tools/call" => Call(message),
        _ => Error(message, -32601, $"Method not found: {method}"),
    };

    private static JsonObject Call(JsonObject message)
    {
        var parameters = message["params"]!;
        if ((string?)parameters["name"] != "add")
        {
            return Error(message, -32602, $"Unknown tool: {parameters["name"]}");
        }

        var sum = (double)parameters["arguments"]!["a"]! + (double)parameters["arguments"]!["b"]!;
        return new JsonObject
        {
            ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = sum.ToString(System.Globalization.CultureInfo.InvariantCulture) }),
            ["structuredContent"] = new JsonObject { ["result"] = sum },
            ["isError"] = false,
        };
    }

    private static JsonObject Error(JsonObject message, int code, string text) => new()
    {
        ["jsonrpc"] = "2.0",
        ["id"] = message["id"]?.DeepClone(),
        ["error"] = new JsonObject { ["code"] = code, ["message"] = text },
    };

    private static JsonObject Tool() => new()
    {
        ["name"] = "add",
        ["description"] = "Adds two numbers.",
        ["inputSchema"] = Schema("a", "b"),
        ["outputSchema"] = Schema("result"),
    };

    private static JsonObject Schema(params string[] numbers) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(numbers.Select(name => KeyValuePair.Create(name, (JsonNode?)new JsonObject { ["type"] = "number" }))),
        ["required"] = new JsonArray([.. numbers.Select(name => (JsonNode)name)]),
    };
}
