using System.Buffers.Binary;
using System.Net;
using System.Text;
using Gateway.Grpc.Server;
using Gateway.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Grpc.Tests.Server.Framing;

/// <summary>gRPC-Web as it is on the wire (PROTOCOL-WEB.md), by a client that knows nothing but HTTP.</summary>
public sealed class WebFramingTests
{
    private const string Web = "application/grpc-web+proto";
    private const string WebText = "application/grpc-web-text+proto";

    public static TheoryData<string, bool> Transports => new() { { "1.1", false }, { "1.1", true }, { "2.0", false }, { "2.0", true } };

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Unary_Message_ComesBackWithTheStatusAsLastFrame(string version, bool text)
    {
        await using TestServer server = await StartAsync(version, EchoAsync);

        WebAnswer answer = await PostAsync(server, version, text, Frame("hello ü"), [("x-echo", "one"), ("x-echo-bin", "AAH/")]);

        Assert.Equal(HttpStatusCode.OK, answer.Http);
        Assert.Equal(text ? WebText : Web, answer.ContentType);
        Assert.Equal(["hello ü"], answer.Messages);
        Assert.Equal("x-echo:one\r\nx-echo-bin:AAH/\r\ngrpc-status:0\r\n", answer.Trailers);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Stream_OfMessagesThenFailure_EndsWithItsStatus(string version, bool text)
    {
        await using TestServer server = await StartAsync(version, async call =>
        {
            while (await call.ReadAsync() is { } message)
            {
                using (message) await call.WriteAsync(message.AsSequence());
            }

            return new GrpcStatus(GrpcStatusCode.FailedPrecondition, "50% ✓\n", new byte[] { 1, 2, 3 });
        });

        WebAnswer answer = await PostAsync(server, version, text, [.. Frame("a"), .. Frame(""), .. Frame("ccc")]);

        Assert.Equal(["a", "", "ccc"], answer.Messages);
        Assert.Equal("grpc-status:9\r\ngrpc-message:50%25 %E2%9C%93%0A\r\ngrpc-status-details-bin:AQID\r\n", answer.Trailers);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Failure_WithoutMessage_IsInTheHeaders(string version, bool text)
    {
        await using TestServer server = await StartAsync(version, _ => Task.FromResult(new GrpcStatus(GrpcStatusCode.NotFound, "gone")));

        WebAnswer answer = await PostAsync(server, version, text, Frame("x"));

        Assert.Equal((HttpStatusCode.OK, "5", "gone"), (answer.Http, answer.Header("grpc-status"), answer.Header("grpc-message")));
        Assert.Empty(answer.Messages);
        Assert.Null(answer.Trailers);
    }

    [Theory]
    [InlineData("application/grpc-web", null, Web)]
    [InlineData("application/grpc-web+proto", "*/*", Web)]
    [InlineData("APPLICATION/GRPC-WEB; charset=x", null, Web)]
    [InlineData("application/grpc-web-text", null, WebText)]
    [InlineData("application/grpc-web-text+proto", "text/html, application/grpc-web+proto", Web)]
    [InlineData("application/grpc-web", "application/grpc-web-text", WebText)]
    public async Task ContentType_OfTheResponse_IsWhatIsAcceptedElseTheRequests(string contentType, string? accept, string expected)
    {
        await using TestServer server = await StartAsync("1.1", EchoAsync);
        bool text = contentType.Contains("text", StringComparison.OrdinalIgnoreCase);
        (string, string)[] headers = accept is null ? [] : [("accept", accept)];

        WebAnswer answer = await PostAsync(server, "1.1", text, Frame("hello"), headers, contentType);

        Assert.Equal(expected, answer.ContentType);
        Assert.Equal(["hello"], answer.Messages);
    }

    [Theory]
    [InlineData("application/grpc-webs")]
    [InlineData("application/grpc-web-texts")]
    public async Task ContentType_ThatOnlyBeginsLikeIt_Is415(string contentType)
    {
        await using TestServer server = await StartAsync("1.1", _ => throw new InvalidOperationException("must not be called"));

        WebAnswer answer = await PostAsync(server, "1.1", false, Frame("x"), [], contentType);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.Http);
    }

    [Theory]
    [InlineData("AAAAAAF*")]
    [InlineData("AAAAAAF")]
    [InlineData("====")]
    public async Task Text_ThatIsNotBase64_EndsTheCall(string body)
    {
        await using TestServer server = await StartAsync("1.1", EchoAsync);
        using var client = new RawClient(server.Address);

        using HttpResponseMessage response = await client.PostAsync(GrpcPair.Path, Encoding.ASCII.GetBytes(body), [], WebText, HttpVersion.Version11);

        Assert.Equal("13", response.Headers.GetValues("grpc-status").Single());
        Assert.Equal("received text that is not base64", response.Headers.GetValues("grpc-message").Single());
        Assert.Empty(server.Log.Entries);
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(3_000_001)]
    public async Task Text_OfALargeMessage_IsWholeBothWays(int length)
    {
        await using TestServer server = await StartAsync("1.1", EchoAsync);
        byte[] message = Bytes.Pattern(length, seed: 5);
        byte[] frame = [0, .. BitConverter.IsLittleEndian ? BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(length)) : BitConverter.GetBytes(length), .. message];
        using var client = new RawClient(server.Address);

        using HttpResponseMessage response = await client.PostAsync(
            GrpcPair.Path, Encoding.ASCII.GetBytes(Convert.ToBase64String(frame)), [], WebText, HttpVersion.Version11);
        byte[] body = WebAnswer.FromPaddedPieces(await response.Content.ReadAsStringAsync());

        Assert.Equal(message, body.AsSpan(5, length).ToArray());
    }

    [Fact]
    public async Task Message_OverHttp1_ArrivesBeforeTheNextIsMade()
    {
        var arrived = new TaskCompletionSource();
        await using TestServer server = await StartAsync("1.1", async call =>
        {
            await call.WriteAsync(Bytes.Of("first"));
            await arrived.Task;
            await call.WriteAsync(Bytes.Of("second"));
            return GrpcStatus.OK;
        });
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, GrpcPair.Path)) { Content = new ByteArrayContent(Frame("")) };
        request.Content.Headers.TryAddWithoutValidation("content-type", Web);

        using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using Stream body = await response.Content.ReadAsStreamAsync();
        byte[] first = new byte[10];
        await body.ReadExactlyAsync(first);
        arrived.SetResult();

        Assert.Equal(Frame("first"), first);
        Assert.StartsWith("\0\0\0\0\u0006second", await new StreamReader(body).ReadToEndAsync(), StringComparison.Ordinal);
    }

    private static async Task<GrpcStatus> EchoAsync(GrpcServerCall call)
    {
        using Payload message = await call.ReadSingleAsync();
        if (call.RequestHeaders.GetValue("x-echo") is { } text) call.ResponseTrailers.Add("x-echo", text);
        if (call.RequestHeaders.GetBinary("x-echo-bin") is { } bytes) call.ResponseTrailers.AddBinary("x-echo-bin", bytes);
        await call.WriteAsync(message.AsSequence());
        return GrpcStatus.OK;
    }

    private static Task<TestServer> StartAsync(string version, GrpcServerHandler handler) =>
        TestServer.StartAsync(app => app.MapGrpc(GrpcPair.Path, handler), version == "2.0" ? HttpProtocols.Http2 : HttpProtocols.Http1);

    private static byte[] Frame(string message)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(message);
        return [0, 0, 0, 0, (byte)bytes.Length, .. bytes];
    }

    private static async Task<WebAnswer> PostAsync(
        TestServer server, string version, bool text, byte[] body, (string, string)[]? headers = null, string? contentType = null)
    {
        using var client = new RawClient(server.Address);
        byte[] sent = text ? Encoding.ASCII.GetBytes(Convert.ToBase64String(body)) : body;
        return await WebAnswer.OfAsync(await client.PostAsync(GrpcPair.Path, sent, headers ?? [], contentType ?? (text ? WebText : Web), Version.Parse(version)));
    }
}
