using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Clarifai.Api;
using Gateway.Bench.Peers;
using Google.Protobuf;

namespace Gateway.Bench.Start;

/// <summary>A small request to one face of the gateway.</summary>
/// <param name="Face">The face.</param>
/// <param name="Path">Where it goes.</param>
/// <param name="ContentType">What it is; null for one that has no body.</param>
/// <param name="Body">Its body.</param>
/// <param name="Mark">What its answer has, and that of a failure has not.</param>
public sealed record FirstCall(string Face, string Path, string? ContentType, byte[] Body, string Mark)
{
    private const string Json = "application/json";
    private const string Grpc = "application/grpc";
    private const string GrpcWeb = "application/grpc-web";
    private const string Predict = "/clarifai.api.V2/PostModelOutputs";
    private const string Concept = "positive";

    /// <summary>A prediction over REST.</summary>
    public static FirstCall Rest { get; } = Of(
        "REST",
        "/v2/models/text-sentiment/outputs",
        """{"inputs":[{"data":{"text":{"raw":"A fine day."}}}]}""",
        "\"concepts\"");

    /// <summary>What touches no face.</summary>
    public static FirstCall Liveness { get; } = new("liveness", "/healthz/live", null, [], "");

    /// <summary>One for each face.</summary>
    public static IReadOnlyList<FirstCall> All { get; } =
    [
        Rest,
        Of(
            "REST, a stream as SSE",
            "/v2/models/text-generator/outputs/generate",
            """{"inputs":[{"data":{"text":{"raw":"The lighthouse"}}}]}""",
            "event: done"),
        Of(
            "method",
            "/v2/models/argument-echo/methods/echo_str",
            """{"value":"A boat"}""",
            "A boat"),
        Of(
            "OpenAI chat",
            "/v2/ext/openai/v1/chat/completions",
            """{"model":"text-generator","max_tokens":8,"messages":[{"role":"user","content":"A boat"}]}""",
            "\"choices\""),
        Of(
            "MCP, tools/call",
            "/v2/ext/mcp/v1/models/text-generator",
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"predict","arguments":{"prompt":"A boat","max_tokens":8}}}""",
            "\"content\"") with { Accept = "application/json, text/event-stream" },
        new("gRPC", Predict, Grpc, Frame(), Concept),
        new("gRPC-Web", Predict, GrpcWeb, Frame(), Concept),
        new("OpenAPI document", "/openapi/v2.json", null, [], "\"paths\""),
    ];

    // MCP wants both of its forms named; what other faces are told this way would choose a form.
    private string Accept { get; init; } = "*/*";

    /// <summary>Makes the request.</summary>
    /// <param name="http">Where the gateway speaks HTTP/1.1.</param>
    /// <param name="http2">Where it speaks HTTP/2.</param>
    public HttpRequestMessage Request(Uri http, Uri http2)
    {
        var isGrpc = ContentType == Grpc;
        var request = new HttpRequestMessage(ContentType is null ? HttpMethod.Get : HttpMethod.Post, new Uri(isGrpc ? http2 : http, Path))
        {
            Version = isGrpc ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TryAddWithoutValidation("Authorization", "Key " + Peer.Key);
        request.Headers.TryAddWithoutValidation("Accept", Accept);
        if (ContentType is not null)
        {
            request.Content = new ByteArrayContent(Body) { Headers = { ContentType = new MediaTypeHeaderValue(ContentType) } };
        }

        return request;
    }

    private static FirstCall Of(string face, string path, string json, string mark) =>
        new(face, path, Json, Encoding.UTF8.GetBytes(json), mark);

    private static byte[] Frame()
    {
        const int Prefix = 5; // not packed, and the length in four bytes
        var message = new PostModelOutputsRequest
        {
            ModelId = "text-sentiment",
            Inputs = { new Input { Data = new Data { Text = new Text { Raw = "A fine day." } } } },
        };
        var frame = new byte[Prefix + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.CalculateSize());
        message.WriteTo(frame.AsSpan(Prefix));
        return frame;
    }
}
