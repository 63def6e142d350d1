using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Clarifai.Api;
using Gateway.Api.Tests.Faces.Grpc;
using Gateway.Api.Tests.Support;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Http;

/// <summary>Bodies that come in a content coding (RFC 9110, 8.4).</summary>
public sealed class EncodedBodyTests
{
    private const string Rest = "/v2/models/text-sentiment/outputs";
    private const string Text = """{"inputs":[{"data":{"text":{"raw":"What a lovely, calm day."}}}]}""";
    private const string Broken = "The body ended early, or its HTTP framing or its Content-Encoding is broken.";

    public static TheoryData<string, string, string> Faces
    {
        get
        {
            var faces = new TheoryData<string, string, string>();
            foreach (var coding in new[] { "gzip", "GZip", "br", "deflate", "identity" })
            {
                faces.Add(coding, Rest, Text);
            }

            faces.Add("gzip", "/v2/models/text-generator/outputs/generate", """{"inputs":[{"data":{"text":{"raw":"The lighthouse"}}}]}""");
            faces.Add("gzip", "/v2/models/text-generator/methods/predict", """{"prompt":"The lighthouse","max_tokens":2}""");
            faces.Add("gzip", "/v2/models/text-generator/methods/stream", """{"prompt":"The lighthouse","max_tokens":2} {"prompt":"A boat"}""");
            faces.Add("gzip", "/v2/ext/openai/v1/embeddings", """{"model":"text-embedder","input":"the tide"}""");
            faces.Add("gzip", "/v2/ext/mcp/v1/models/tool-server", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"add","arguments":{"a":2,"b":3.5}}}""");
            return faces;
        }
    }

    [Theory]
    [MemberData(nameof(Faces))]
    public async Task Body_InAKnownCoding_IsReadAsWhatItHolds(string coding, string path, string body)
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();
        using var plain = await client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));

        using var answer = await PostAsync(client, path, Encode(coding, Encoding.UTF8.GetBytes(body)), coding);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(plain.Content.Headers.ContentType, answer.Content.Headers.ContentType);
        Assert.Equal(await ComparableAsync(plain), await ComparableAsync(answer));
    }

    [Fact]
    public async Task Image_InGzip_IsAnInput()
    {
        byte[] image = [1, 2, 3, 4];
        byte[]? seen = null;
        await using var upstream = await RecordingUpstream.StartAsync(call =>
        {
            seen = PostModelOutputsRequest.Parser.ParseFrom(call.Request).Inputs[0].Data.Image.Base64.ToByteArray();
            return StreamTesting.Response("x");
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        using var answer = await PostAsync(client, Rest, Encode("gzip", image), "gzip", "image/png");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(image, seen);
    }

    [Theory]
    [InlineData("gzip", Rest, "application/json")]
    [InlineData("br", Rest, "application/json")]
    [InlineData("deflate", Rest, "application/json")]
    [InlineData("gzip", Rest, "image/png")]
    [InlineData("gzip", "/v2/models/text-generator/methods/predict", "application/json")]
    [InlineData("gzip", "/v2/ext/openai/v1/embeddings", "application/json")]
    [InlineData("gzip", "/v2/ext/mcp/v1/models/tool-server", "application/json")]
    [InlineData("gzip", "/v2/models/text-generator/outputs/stream", "application/json")]
    public async Task Body_UnpacksOverTheLimit_IsRefused(string coding, string path, string contentType)
    {
        await using var gateway = GatewayHost.Start(settings: ("Gateway:Limits:MaxBodyBytes", "100000"));
        using var client = gateway.CreateClientWithKey();
        var packed = Encode(coding, Encoding.ASCII.GetBytes("{\"a\":\"" + new string('x', 50_000_000) + "\"}"));
        Assert.True(packed.Length < 100_000);

        using var answer = await PostAsync(client, path, packed, coding, contentType);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Contains("over the limit of 100000 bytes", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Form_UnpacksOverTheLimit_IsRefused()
    {
        await using var gateway = GatewayHost.Start(settings: ("Gateway:Limits:MaxBodyBytes", "100000"));
        using var client = gateway.CreateClientWithKey();
        using var form = new MultipartFormDataContent("edge") { { new StringContent(new string('x', 5_000_000)), "text" } };
        var packed = Encode("gzip", await form.ReadAsByteArrayAsync());

        using var answer = await PostAsync(client, Rest, packed, "gzip", "multipart/form-data; boundary=edge");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    // Two-way bodies are bounded message by message.
    [Fact]
    public async Task Messages_TogetherOverTheLimit_AreRead()
    {
        await using var upstream = await RecordingUpstream.StartAsync(TwoWay.EchoAsync);
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Limits:MaxBodyBytes", "1000"));
        using var client = gateway.CreateClientWithKey();
        var packed = Encode("gzip", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 50).Select(i => TwoWay.Json($"{i}")))));

        using var answer = await PostAsync(client, TwoWay.Stream, packed, "gzip");
        var records = await StreamTesting.RecordsAsync(answer);

        Assert.Equal([.. Enumerable.Range(0, 50).Select(i => $"{i}"), "done 10000"], records.Select(TwoWay.Brief));
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("compress")]
    [InlineData("gzip, br")]
    public async Task Body_InAnotherCoding_IsRefused(string coding)
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();

        using var answer = await PostAsync(client, Rest, [1, 2, 3], coding);
        var error = new Answer(answer.StatusCode, answer, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!).HasTheApisShape();

        Assert.Equal((HttpStatusCode.UnsupportedMediaType, 11100), (error.Http, error.Code));
        Assert.Equal($"The body's Content-Encoding is {coding}; the gateway reads br, deflate, gzip.", error.Details);
        Assert.Equal("br, deflate, gzip", string.Join(", ", answer.Headers.GetValues("Accept-Encoding")));
    }

    [Fact]
    public async Task Body_InAnotherCoding_IsRefusedInTheShapeOfItsFace()
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();

        using var openAi = await PostAsync(client, "/v2/ext/openai/v1/chat/completions", [1], "zstd");
        using var mcp = await PostAsync(client, "/v2/ext/mcp/v1/models/tool-server", [1], "zstd");

        Assert.Equal((HttpStatusCode.UnsupportedMediaType, HttpStatusCode.UnsupportedMediaType), (openAi.StatusCode, mcp.StatusCode));
        Assert.StartsWith("""{"error":{""", await openAi.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.StartsWith("""{"jsonrpc":"2.0",""", await mcp.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string> Faults
    {
        get
        {
            var faults = new TheoryData<string, string, string>();
            foreach (var coding in new[] { "gzip", "br", "deflate" })
            {
                foreach (var fault in new[] { "garbage", "cut" })
                {
                    faults.Add(coding, fault, "application/json");
                    faults.Add(coding, fault, "image/png");
                    faults.Add(coding, fault, "multipart/form-data; boundary=edge");
                }
            }

            return faults;
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Body_NotInTheCodingThatItNames_IsRefused(string coding, string fault, string contentType)
    {
        await using var upstream = await RecordingUpstream.StartAsync((RecordedCall _) => throw new InvalidOperationException("must not be called"));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        var bytes = new byte[5000];
        new Random(7).NextBytes(bytes);
        var whole = contentType == "application/json" ? Encoding.UTF8.GetBytes($$$$"""{"inputs":[{"data":{"image":{"base64":"{{{{Convert.ToBase64String(bytes)}}}}"}}}]}""") : bytes;
        if (contentType.StartsWith("multipart", StringComparison.Ordinal))
        {
            whole = [.. "--edge\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a\"\r\nContent-Type: image/png\r\n\r\n"u8, .. bytes, .. "\r\n--edge--\r\n"u8];
        }

        var sent = fault == "cut" ? Encode(coding, whole)[..^20] : whole;
        using var answer = await PostAsync(client, Rest, sent, coding, contentType);
        var error = new Answer(answer.StatusCode, answer, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!).HasTheApisShape();

        Assert.Equal((HttpStatusCode.BadRequest, 11100, Broken), (error.Http, error.Code, error.Details));
    }

    [Fact]
    public async Task Messages_NotInTheCodingThatTheyName_AreRefused()
    {
        await using var upstream = await RecordingUpstream.StartAsync(TwoWay.EchoAsync);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        using var answer = await PostAsync(client, TwoWay.Stream, [0x1F, 0x8B, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], "gzip");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(Broken, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public async Task GrpcWeb_HasCodingsOfItsOwn(string coding)
    {
        await using var front = await GrpcFront.StartAsync(async call =>
        {
            using var request = await call.ReadSingleAsync();
            await call.WriteAsync(GrpcFront.Bytes(GrpcFront.Response("the upstream's")));
            return GrpcStatus.DefaultSuccess;
        });
        using var client = front.Gateway.CreateClientWithKey(GrpcFront.Key);

        using var answer = await PostAsync(client, GrpcFront.Predict, [0, 0, 0, 0, 0], coding, "application/grpc-web");

        Assert.Equal((HttpStatusCode.OK, "application/grpc-web"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Contains("the upstream's", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string path, byte[] body, string coding, string contentType = "application/json")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        return await client.PostAsync(path, content);
    }

    // What differs from one answer to the next are ids and times.
    private static async Task<string> ComparableAsync(HttpResponseMessage answer) =>
        Regex.Replace(await answer.Content.ReadAsStringAsync(), "\"(id|req_id|created_at|created)\":\"?[^\",}]*\"?", "");

    private static byte[] Encode(string coding, byte[] content)
    {
        if (coding == "identity")
        {
            return content;
        }

        using var packed = new MemoryStream();
        using (Stream encoder = coding.ToUpperInvariant() switch
        {
            "BR" => new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "DEFLATE" => new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true),
            _ => new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true),
        })
        {
            encoder.Write(content);
        }

        return packed.ToArray();
    }
}
