using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Gateway.Api.Faces.Mcp.Tools;

/// <summary>
/// The headers that repeat what a request says, in the era without handshakes. What lies between client and server may go by the one or by
/// the other, so they have to agree (MCP, "Transports", "Standard Headers").
/// </summary>
internal static class RequestHeaders
{
    private const string MethodHeader = "Mcp-Method";
    private const string NameHeader = "Mcp-Name";

    /// <summary>Where a request of that era and its headers do not agree; null when they do.</summary>
    public static string? WrongIn(IHeaderDictionary headers, McpMessage request) =>
        Disagreement(McpRevision.Header, request.Revision, TextOf(request.ToldRevision))
        ?? (request.IsOfUnknownRevision ? null : Disagreement(headers, request));

    private static string? Disagreement(IHeaderDictionary headers, McpMessage request) =>
        Disagreement(MethodHeader, headers[MethodHeader], request.Method)
        ?? (request.Method == RequestMethods.ToolsCall
            ? Disagreement(
                NameHeader, McpHeaderEncoder.DecodeValue(headers[NameHeader]), TextOf(McpMessage.Member(request.Parameters, "name")))
            : null);

    private static string? Disagreement(string header, string? value, string? told) =>
        value == told ? null : $"The header {header} is '{value}', the message says '{told}'";

    private static string? TextOf(JsonElement? value) => value is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
