using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Clarifai.Api;
using Gateway.Bench.Peers;
using Google.Protobuf;

namespace Gateway.Bench.Memory;

/// <summary>A large request by one face of the gateway, for the sandbox behind it: one whose answer is small, but where the name says otherwise.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Path">Where it goes.</param>
/// <param name="ContentType">What it is.</param>
/// <param name="Body">Its body.</param>
/// <param name="Bytes">How many bytes of memory are called its own: those of the body, or of what it unpacks to.</param>
public sealed record Face(string Name, string Path, string ContentType, byte[] Body, long Bytes)
{
    private const int Size = 8 * 1024 * 1024;
    private const int SmallSize = 8 * 1024;
    private const string Json = "application/json";

    public static IReadOnlyList<Face> All { get; } = OfSize(Size);

    /// <summary>The same face with a small request, which takes the same way.</summary>
    public Face Small => OfSize(SmallSize).Single(face => face.Name == Name);

    private bool IsGrpc => ContentType == "application/grpc";

    /// <summary>Makes the request.</summary>
    /// <param name="http">Where the gateway speaks HTTP/1.1.</param>
    /// <param name="http2">Where it speaks HTTP/2.</param>
    public HttpRequestMessage Request(Uri http, Uri http2)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(IsGrpc ? http2 : http, Path))
        {
            Content = new ByteArrayContent(Body),
            Version = IsGrpc ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
        request.Headers.TryAddWithoutValidation("Authorization", "Key " + Peer.Key);
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        if (IsGrpc)
        {
            request.Headers.Add("grpc-encoding", "gzip");
        }

        return request;
    }

    private static Face[] OfSize(int size)
    {
        var text = string.Concat(Enumerable.Repeat("The lighthouse stands. ", size / 23));
        return
        [
            Of("REST, base64", "/v2/models/image-classifier/outputs", Json, """{"inputs":[{"data":{"image":{"base64":"BODY"}}}]}""", Convert.ToBase64String(Noise(size / 4 * 3))),
            Of("REST, text", "/v2/models/image-classifier/outputs", Json, """{"inputs":[{"data":{"text":{"raw":"BODY"}}}]}""", text),
            new("raw image", "/v2/models/image-classifier/outputs", "image/png", Noise(size), size),
            Form(size),
            Of("method, a text", "/v2/models/text-generator/methods/predict", Json, """{"prompt":"BODY","max_tokens":1}""", text),
            Of("method, 900,000 texts, echoed", "/v2/models/argument-echo/methods/echo_words", Json, """{"value":[BODY]}""", string.Join(',', Enumerable.Repeat("\"\"", (int)(900_000L * size / Size)))),
            Of("OpenAI chat", "/v2/ext/openai/v1/chat/completions", Json, """{"model":"text-generator","max_tokens":1,"messages":[{"role":"user","content":"BODY"}]}""", text),
            Of("MCP", "/v2/ext/mcp/v1/models/text-generator", Json, """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"predict","arguments":{"prompt":"BODY","max_tokens":1}}}""", text),
            Grpc("gRPC", text, packed: false),
            Grpc("gRPC, packed", text, packed: true),
        ];
    }

    private static Face Of(string name, string path, string contentType, string body, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(body.Replace("BODY", content, StringComparison.Ordinal));
        return new Face(name, path, contentType, bytes, bytes.Length);
    }

    private static Face Form(int size)
    {
        byte[] body =
        [
            .. "--b\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n"u8,
            .. Noise(size),
            .. "\r\n--b--\r\n"u8,
        ];
        return new Face("form", "/v2/models/image-classifier/outputs", "multipart/form-data; boundary=b", body, body.Length);
    }

    private static Face Grpc(string name, string text, bool packed)
    {
        var request = new PostModelOutputsRequest { ModelId = "image-classifier", Inputs = { new Input { Data = new Data { Image = new Image { Base64 = ByteString.CopyFromUtf8(text) } } } } };
        var message = request.ToByteArray();
        var sent = packed ? Pack(message) : message;
        var frame = new byte[5 + sent.Length];
        frame[0] = packed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), sent.Length);
        sent.CopyTo(frame, 5);
        return new Face(name, "/clarifai.api.V2/PostModelOutputs", "application/grpc", frame, message.Length);
    }

    // As packed as it may be without being refused: bytes of text that is made up, and so packs less well than one that repeats.
    private static byte[] Pack(byte[] message)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(message);
        }

        return packed.ToArray();
    }

    private static byte[] Noise(int size)
    {
        var bytes = new byte[size];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
