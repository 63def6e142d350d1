using System.Net;
using System.Text.Json.Nodes;
using Clarifai.Api;
using Gateway.Testing.Grpc;

namespace Gateway.Api.Tests.Support;

/// <summary>What tests of two-way calls have in common, on both sides of the gateway.</summary>
internal static class TwoWay
{
    public const string Stream = "/v2/models/m/outputs/stream";

    /// <summary>For what must come soon and else never does.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>A request message with a text.</summary>
    public static string Json(string text) => $$$$"""{"inputs":[{"data":{"text":{"raw":"{{{{text}}}}"}}}]}""";

    /// <summary>Answers every message with its own text until the client half-closes.</summary>
    public static async Task<GrpcStatus> EchoAsync(GrpcServerCall call)
    {
        while (await ReadAsync(call) is { } request)
        {
            await StreamTesting.WriteAsync(call, TextOf(request));
        }

        return GrpcStatus.DefaultSuccess;
    }

    /// <summary>Reads on, and says whether the client half-closed or the call was cancelled.</summary>
    public static async Task<GrpcStatus> DrainAsync(GrpcServerCall call, TaskCompletionSource<string> end)
    {
        try
        {
            while (await ReadAsync(call) is not null)
            {
            }

            end.SetResult("half-closed");
        }
        catch (Exception)
        {
            end.SetResult("cancelled");
            throw;
        }

        return GrpcStatus.DefaultSuccess;
    }

    /// <summary>The next message that the upstream gets; null when the client has half-closed.</summary>
    public static async Task<PostModelOutputsRequest?> ReadAsync(GrpcServerCall call)
    {
        using var payload = await call.ReadAsync();
        return payload is null ? null : PostModelOutputsRequest.Parser.ParseFrom(payload.Span);
    }

    public static string TextOf(PostModelOutputsRequest request) => request.Inputs[0].Data.Text.Raw;

    /// <summary>A request of any version of HTTP whose body the test writes.</summary>
    public static HttpRequestMessage Request(GatewayHost gateway, HttpClient client, Version version, HttpContent body, string path = Stream) =>
        new(HttpMethod.Post, new Uri(version == HttpVersion.Version20 ? gateway.GrpcAddress : client.BaseAddress!, path))
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body,
        };

    public static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpRequestMessage request, CancellationToken cancellationToken = default) =>
        await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).WaitAsync(Limit, CancellationToken.None);

    /// <summary>The next line of an NDJSON response; null at its end.</summary>
    public static async Task<JsonNode?> NextAsync(StreamReader lines) =>
        await lines.ReadLineAsync().WaitAsync(Limit) is { } line ? JsonNode.Parse(line) : null;

    /// <summary>What a record says: its text, or for the last one its event and code.</summary>
    public static string Brief(JsonNode? record) => record switch
    {
        null => "end",
        _ when record["event"] is { } last => $"{last} {record["status"]!["code"]}",
        _ => (string)record["outputs"]![0]!["data"]!["text"]!["raw"]!,
    };
}
