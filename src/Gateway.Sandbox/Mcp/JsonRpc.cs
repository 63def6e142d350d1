using System.Text.Json.Nodes;

namespace Gateway.Sandbox.Mcp;

/// <summary>What went wrong, as JSON-RPC has it (JSON-RPC 2.0, 5.1), and the codes.</summary>
internal static class JsonRpc
{
    public const int ParseError = -32700;
    public const int MethodNotFound = -32601;
    public const int InvalidParams = -32602;

    public static JsonObject Error(JsonNode? id, int code, string message) => new()
    {
        ["jsonrpc"] = "2.0",
        ["id"] = id?.DeepClone(),
        ["error"] = new JsonObject { ["code"] = code, ["message"] = message },
    };
}
