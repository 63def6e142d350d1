using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Gateway.Api.Mcp.Tools;

/// <summary>
/// The headers that repeat what a message says, from the revision 2026-07-28 on. What lies between client and server may go by the one or by the other, so
/// they have to agree (MCP, "Transports", "Standard Headers").
/// </summary>
internal static class RequestHeaders
{
    private const string MethodHeader = "Mcp-Method";
    private const string NameHeader = "Mcp-Name";
    private const string FirstVersion = "2026-07-28";
    private const string VersionKey = "io.modelcontextprotocol/protocolVersion";

    /// <summary>Whether a revision has them; revisions are dates, so their order is that of their texts.</summary>
    public static bool AreIn(string? version) => string.CompareOrdinal(version, FirstVersion) >= 0;

    /// <summary>Checks a message against the headers that it came with.</summary>
    /// <exception cref="McpProtocolException">They do not agree.</exception>
    public static void Check(IHeaderDictionary headers, JsonRpcMessage message)
    {
        var (method, parameters) = message switch
        {
            JsonRpcRequest request => (request.Method, request.Params as JsonObject),
            JsonRpcNotification notification => (notification.Method, notification.Params as JsonObject),
            _ => (null, null),
        };
        var version = headers[McpBody.VersionHeader].ToString();
        var told = parameters?["_meta"] is JsonObject meta ? TextIn(meta, VersionKey) : null;
        if (method is null || !(AreIn(version) || AreIn(told)))
        {
            return;
        }

        Demand(McpBody.VersionHeader, version, told ?? version);
        Demand(MethodHeader, headers[MethodHeader], method);
        if (method == RequestMethods.ToolsCall)
        {
            Demand(NameHeader, McpHeaderEncoder.DecodeValue(headers[NameHeader]), TextIn(parameters, "name"));
        }
    }

    private static void Demand(string header, string? value, string? told)
    {
        if (value != told)
        {
            throw new McpProtocolException($"The header {header} is '{value}', the message says '{told}'", McpErrorCode.HeaderMismatch);
        }
    }

    private static string? TextIn(JsonObject? members, string name) => members?[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
