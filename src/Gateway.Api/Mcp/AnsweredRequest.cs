using ModelContextProtocol.Protocol;

namespace Gateway.Api.Mcp;

/// <summary>The one JSON-RPC request that a POST brought; errors repeat its id.</summary>
/// <param name="Id">The id, a text or a number.</param>
internal sealed record AnsweredRequest(RequestId Id)
{
    /// <summary>Keeps it among the features of a POST; nothing when it brought several messages, or none that is answered.</summary>
    public static void Set(HttpContext http, McpBody body)
    {
        if (body is { IsBatch: false, Messages: [{ Message: JsonRpcRequest request }] })
        {
            http.Features.Set(new AnsweredRequest(request.Id));
        }
    }
}
