using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Api.Tests.Faces.Mcp;

/// <summary>The answer to one POST of MCP messages: a JSON body, or the data of the events of a stream.</summary>
internal sealed record McpPost(HttpStatusCode Http, string? MediaType, string[] Texts)
{
    public const string Root = "/v2/ext/mcp/v1";

    public JsonNode[] Messages { get; } = [.. Texts.Select(text => JsonNode.Parse(text)!)];

    public JsonNode Last => Messages[^1];

    /// <summary>The JSON of the last message's id, byte for byte.</summary>
    public string IdText => IdIn(Texts[^1]);

    public static Task<McpPost> OfAsync(HttpClient client, string path, string body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Root + path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return OfAsync(client, request);
    }

    /// <summary>A request of a method, as a model's only message, with the id 1.</summary>
    public static string Request(string method, string parameters = "{}") => $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""";

    /// <summary>A call of a tool.</summary>
    public static string Call(string tool, string arguments = "{}") => Request("tools/call", $$"""{"name":"{{tool}}","arguments":{{arguments}}}""");

    private static async Task<McpPost> OfAsync(HttpClient client, HttpRequestMessage request)
    {
        using (request)
        using (var response = await client.SendAsync(request))
        {
            var body = await response.Content.ReadAsStringAsync();
            var type = response.Content.Headers.ContentType?.MediaType;
            return new McpPost(response.StatusCode, type, [.. TextsIn(type, body)]);
        }
    }

    private static string IdIn(string message)
    {
        using var json = JsonDocument.Parse(message);
        return json.RootElement.GetProperty("id").GetRawText();
    }

    private static IEnumerable<string> TextsIn(string? type, string body) => type switch
    {
        "text/event-stream" => body.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line[6..]),
        _ => body.Length == 0 ? [] : [body],
    };
}
