using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace Gateway.Api.Faces.Mcp.Tools;

/// <summary>
/// A message as the SDK has it. Its ids are texts and 64-bit numbers, so it gets the message's place in the body in place of an id. Of what
/// a client says about itself it gets what its answers depend on: the rest may be of any shape, which it would fail on.
/// </summary>
internal static class SdkMessage
{
    /// <summary>The member of <see cref="McpMessage.Meta"/> that says what a client can do, in the era without handshakes.</summary>
    public const string CapabilitiesKey = "io.modelcontextprotocol/clientCapabilities";

    private const string ProgressKey = "progressToken";

    /// <summary>Makes it of a request whose parameters are well-formed, or of a notification.</summary>
    /// <param name="message">The message.</param>
    /// <param name="place">Its place in the body, from 0.</param>
    public static JsonRpcMessage Of(McpMessage message, int place)
    {
        var parameters = message.Parameters is { ValueKind: JsonValueKind.Object } given ? JsonObject.Create(given) : null;
        if (!message.IsRequest)
        {
            return new JsonRpcNotification { Method = message.Method!, Params = parameters };
        }

        return new JsonRpcRequest
        {
            Id = new RequestId(place),
            Method = message.Method!,
            Params = message.IsHandshake ? Handshake(parameters!) : parameters is null ? null : WithoutClient(parameters),
            Context =
                new JsonRpcMessageContext
                {
                    ProtocolVersion = message.IsHandshake || message.Revision.Length == 0 ? null : message.Revision,
                },
        };
    }

    private static JsonObject Handshake(JsonObject parameters) => new()
    {
        ["protocolVersion"] = McpRevision.Agree((string)parameters["protocolVersion"]!),
        ["capabilities"] = new JsonObject(),
        ["clientInfo"] =
            new JsonObject
            {
                ["name"] = (string)parameters["clientInfo"]!["name"]!,
                ["version"] = (string)parameters["clientInfo"]!["version"]!,
            },
    };

    private static JsonObject WithoutClient(JsonObject parameters)
    {
        if (parameters[McpMessage.Meta] is not JsonObject meta)
        {
            return parameters;
        }

        var kept = new JsonObject();
        foreach (var key in new[] { McpMessage.RevisionKey, ProgressKey })
        {
            if (meta[key] is { } value)
            {
                kept[key] = value.DeepClone();
            }
        }

        if (meta.ContainsKey(CapabilitiesKey))
        {
            kept[CapabilitiesKey] = new JsonObject();
        }

        parameters[McpMessage.Meta] = kept;
        return parameters;
    }
}
