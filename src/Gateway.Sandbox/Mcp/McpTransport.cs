using System.Text.Json;
using System.Text.Json.Nodes;
using Clarifai.Api;
using Gateway.Sandbox.Models;
using Gateway.Sandbox.Models.Methods;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Sandbox.Mcp;

/// <summary>
/// The method by which the platform reaches models that speak MCP: one string argument <c>msg</c> holds a JSON-RPC message; what answers it
/// is the bare result of a request, a whole JSON-RPC response for a failure, and <c>{}</c> for a notification.
/// </summary>
internal static class McpTransport
{
    public static SampleMethod Method(McpEndpoint endpoint) => SampleMethod.Unary(
        "mcp_transport",
        "Answers an MCP message.",
        [SignatureField.Of(DataType.Str, "msg", "A JSON-RPC message as JSON.")],
        SignatureField.Result(DataType.Str, "The result as JSON, or a JSON-RPC error."),
        arguments => new Inference(new Data { StringValue = Answer(arguments.String("msg"), endpoint).ToJsonString() }));

    private static JsonObject Answer(string message, McpEndpoint endpoint) => Parse(message) switch
    {
        null => JsonRpc.Error(null, JsonRpc.ParseError, "msg is not a JSON object"),
        { } notification when !notification.ContainsKey("id") => [],
        var request => endpoint.Answer(request),
    };

    private static JsonObject? Parse(string json)
    {
        try
        {
            return JsonNode.Parse(json) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
