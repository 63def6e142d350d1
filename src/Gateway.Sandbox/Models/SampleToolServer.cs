using System.Text.Json.Nodes;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Sandbox.Mcp;
using Gateway.Sandbox.Models.Methods;

namespace Gateway.Sandbox.Models;

/// <summary>Speaks MCP: a server with two small tools.</summary>
internal sealed class SampleToolServer() : SandboxModel(
    new ModelCard(Id, "Tool server", "mcp", "An MCP server with two tools: add and count_words."))
{
    public const string Id = "tool-server";

    public override IReadOnlyList<SampleMethod> Methods { get; } =
    [
        McpTransport.Method(new McpEndpoint(Id,
        [
            new McpTool("add", "Adds two numbers.", "number", ["a", "b"], Add),
            new McpTool("count_words", "Counts the words of a text.", "string", ["text"], CountWords),
        ])),
    ];

    public override Inference Predict(Data data) =>
        Inference.Failed(StatusCode.ModelInvalidArgument, $"the model {Id} has no plain prediction: call its method mcp_transport");

    private static double? Add(JsonNode[] arguments) =>
        arguments is [JsonValue a, JsonValue b] && a.TryGetValue(out double first) && b.TryGetValue(out double second)
            ? first + second
            : null;

    private static double? CountWords(JsonNode[] arguments) =>
        arguments is [JsonValue text] && text.TryGetValue(out string? words)
            ? words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length
            : null;
}
