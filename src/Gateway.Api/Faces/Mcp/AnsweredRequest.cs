using System.Text.Json;

namespace Gateway.Api.Faces.Mcp;

/// <summary>The one JSON-RPC request that a POST brought; errors repeat its id.</summary>
/// <param name="Id">The JSON of the id, a text or a number, as it came.</param>
internal sealed record AnsweredRequest(string Id)
{
    /// <summary>Keeps it among the features of a POST; nothing when it brought several messages, or none that is answered.</summary>
    public static void Set(HttpContext http, McpBody body)
    {
        if (body is { IsBatch: false, Messages: [{ IsRequest: true, Id: { } id }] })
        {
            http.Features.Set(new AnsweredRequest(id));
        }
    }

    /// <summary>Begins a JSON-RPC response, up to its id.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="id">The JSON of the id; null when no one request is answered.</param>
    public static void Begin(Utf8JsonWriter json, string? id)
    {
        json.WriteStartObject();
        json.WriteString("jsonrpc"u8, "2.0"u8);
        json.WritePropertyName("id"u8);
        json.WriteRawValue(id ?? "null", skipInputValidation: true);
    }
}
