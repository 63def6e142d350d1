using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json.Nodes;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Testing.Grpc;
using Google.Protobuf;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Support;

/// <summary>What tests of streams have in common, on both sides of the gateway.</summary>
internal static class StreamTesting
{
    public const string Generate = "/v2/models/m/outputs/generate";

    /// <summary>For what must come soon and else never does.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Asks for a stream, and waits for its headers.</summary>
    public static async Task<HttpResponseMessage> StartAsync(
        HttpClient client, string path = Generate, string? accept = null, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("{}", Encoding.UTF8) };
        if (accept is not null)
        {
            request.Headers.Add("Accept", accept);
        }

        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>The events of a stream, as the platform's own parser reads them.</summary>
    public static async Task<IAsyncEnumerator<SseItem<string>>> EventsAsync(HttpResponseMessage response) =>
        SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync().GetAsyncEnumerator();

    public static async Task<SseItem<string>> NextAsync(IAsyncEnumerator<SseItem<string>> events)
    {
        Assert.True(await events.MoveNextAsync(), "the stream has no further event");
        return events.Current;
    }

    /// <summary>Has the upstream send one message with a text.</summary>
    public static async Task WriteAsync(GrpcServerCall call, string text, StatusCode status = StatusCode.Success) =>
        await call.WriteAsync(Response(text, status).ToByteArray());

    /// <summary>A message of a stream, or the answer of a unary call.</summary>
    public static MultiOutputResponse Response(string text, StatusCode status = StatusCode.Success) => new()
    {
        Status = new Status { Code = status, Description = status.ToString() },
        Outputs = { new Output { Data = new Data { Text = new Text { Raw = text } } } },
    };

    /// <summary>All records of a stream in any format, the last one included.</summary>
    public static async Task<JsonNode[]> RecordsAsync(HttpResponseMessage response) =>
        Records(response.Content.Headers.ContentType!.MediaType!, await response.Content.ReadAsStringAsync());

    /// <summary>The records in the body of a stream.</summary>
    public static JsonNode[] Records(string mediaType, string body) => mediaType switch
    {
        "text/event-stream" => [.. SseParser.Create(new MemoryStream(Encoding.UTF8.GetBytes(body))).Enumerate().Select(item => JsonNode.Parse(item.Data)!)],
        "application/x-ndjson" or "application/ndjson" or "application/jsonl" => [.. body.TrimEnd('\n').Split('\n').Select(line => JsonNode.Parse(line)!)],
        _ => [.. JsonNode.Parse(body)!.AsArray().Select(record => record!)],
    };

    public static string TextOf(string data) => (string)JsonNode.Parse(data)!["outputs"]![0]!["data"]!["text"]!["raw"]!;

    public static int CodeOf(string data) => (int)JsonNode.Parse(data)!["status"]!["code"]!;

    public static string DetailsOf(string data) => (string?)JsonNode.Parse(data)!["status"]!["details"] ?? "";
}
