namespace Gateway.Api.Tests.Faces.Mcp;

/// <summary>Requests as the revision without a handshake has them: what a handshake would have said goes with each, in its body and its headers.</summary>
internal static class NewEra
{
    public const string Revision = "2026-07-28";

    /// <summary>Parameters with the version and the capabilities of the client.</summary>
    public static string Parameters(string others = "", string version = Revision) => $$"""
        { {{others}}"_meta":{"io.modelcontextprotocol/protocolVersion":"{{version}}","io.modelcontextprotocol/clientInfo":{"name":"tests","version":"1"},"io.modelcontextprotocol/clientCapabilities":{} } }
        """.Trim();

    /// <summary>The headers that repeat a request.</summary>
    public static (string Name, string Value)[] Headers(string method, string? name = null, string version = Revision) =>
    [
        ("MCP-Protocol-Version", version), ("Mcp-Method", method), .. name is null ? Array.Empty<(string, string)>() : [("Mcp-Name", name)],
        ("Accept", "application/json, text/event-stream"),
    ];

    /// <summary>Sends a request.</summary>
    public static Task<McpPost> PostAsync(HttpClient client, string path, string method, string others = "", string? name = null) =>
        McpPost.OfAsync(client, path, McpPost.Request(method, Parameters(others)), Headers(method, name));
}
