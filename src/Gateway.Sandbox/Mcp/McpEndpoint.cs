using System.Text.Json.Nodes;

namespace Gateway.Sandbox.Mcp;

/// <summary>An MCP server without state: the handshake, and tools.</summary>
internal sealed class McpEndpoint(string name, IReadOnlyList<McpTool> tools)
{
    // The newest first: it is offered to a client that asks for another.
    private static readonly string[] Revisions = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

    /// <summary>
    /// Answers a request, as Clarifai's SDK does: by its bare result, or by a whole JSON-RPC response that says what went wrong.
    /// </summary>
    public JsonObject Answer(JsonObject request)
    {
        var id = request["id"];
        var parameters = request["params"] as JsonObject ?? [];
        return ReadString(request["method"]) switch
        {
            "initialize" => Handshake(ReadString(parameters["protocolVersion"])),
            "ping" => [],
            "tools/list" => new JsonObject { ["tools"] = new JsonArray([.. tools.Select(tool => tool.Describe())]) },
            "tools/call" => Call(id, parameters),
            var method => JsonRpc.Error(id, JsonRpc.MethodNotFound, $"Method not found: {method}"),
        };
    }

    private JsonObject Handshake(string? revision) => new()
    {
        ["protocolVersion"] = Revisions.Contains(revision) ? revision : Revisions[0],
        ["capabilities"] = new JsonObject { ["tools"] = new JsonObject() },
        ["serverInfo"] = new JsonObject { ["name"] = name, ["version"] = "1" },
    };

    private JsonObject Call(JsonNode? id, JsonObject parameters)
    {
        var called = ReadString(parameters["name"]);
        var tool = tools.FirstOrDefault(tool => tool.Name == called);
        return tool is null
            ? JsonRpc.Error(id, JsonRpc.InvalidParams, $"Unknown tool: {called}")
            : tool.Call(parameters["arguments"] as JsonObject ?? []);
    }

    private static string? ReadString(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
