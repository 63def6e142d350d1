using System.Net;
using System.Text;
using Clarifai.Api;
using Gateway.Api.Tests.Support;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Faces.Grpc;

/// <summary>gRPC's paths as HTTP sees them, and what the log says of calls.</summary>
public sealed class GrpcOverHttpTests
{
    [Theory]
    [InlineData("POST", GrpcFront.Predict, "application/json", HttpStatusCode.UnsupportedMediaType, 11100)]
    [InlineData("POST", GrpcFront.Predict, "application/grpc", HttpStatusCode.UpgradeRequired, 11100)]
    [InlineData("GET", GrpcFront.Predict, null, HttpStatusCode.MethodNotAllowed, 11103)]
    [InlineData("POST", "/clarifai.api.V2/NoSuchRpc", "application/json", HttpStatusCode.NotFound, 11101)]
    [InlineData("POST", "/other.Service/Method", null, HttpStatusCode.NotFound, 11101)]
    public async Task Request_ThatIsNotGrpc_AnswersInTheApisShape(string verb, string path, string? contentType, HttpStatusCode http, int code)
    {
        await using var front = await GrpcFront.StartAsync(_ => throw new InvalidOperationException("must not be called"));
        using var client = front.Gateway.CreateClientWithKey(GrpcFront.Key);
        using var request = new HttpRequestMessage(new HttpMethod(verb), path);
        if (contentType is not null)
        {
            request.Content = new StringContent("{}", Encoding.UTF8, contentType);
        }

        var answer = await Answer.OfAsync(client, request);

        Assert.Equal((http, code), (answer.HasTheApisShape().Http, answer.Code));
    }

    [Theory]
    [InlineData(GrpcFront.Predict, "the upstream's")]
    [InlineData("/clarifai.api.V2/NoSuchRpc", null)]
    public async Task GrpcWeb_OnAnyListener_IsServed(string path, string? text)
    {
        await using var front = await GrpcFront.StartAsync(async call =>
        {
            using var request = await call.ReadSingleAsync();
            await call.WriteAsync(GrpcFront.Bytes(GrpcFront.Response("the upstream's")));
            return GrpcStatus.DefaultSuccess;
        });
        using var client = front.Gateway.CreateClientWithKey(GrpcFront.Key);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent([0, 0, 0, 0, 0]) };
        request.Content.Headers.Add("content-type", "application/grpc-web");

        using var response = await client.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();

        Assert.Equal((HttpStatusCode.OK, "application/grpc-web"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        if (text is null)
        {
            Assert.Equal("12", response.Headers.GetValues("grpc-status").Single());
            Assert.Empty(body);
        }
        else
        {
            var message = MultiOutputResponse.Parser.ParseFrom(body.AsSpan(5, body[4]));
            Assert.Equal(text, message.Outputs[0].Data.Text.Raw);
            Assert.Equal("grpc-status: 0\r\n", Encoding.ASCII.GetString(body.AsSpan(5 + body[4] + 5)));
        }
    }

    /// <summary>As grpc-go answers it; a client that means a limit must not wait without one.</summary>
    [Theory]
    [InlineData("xx", 13, "malformed grpc-timeout: it is up to 8 digits and a unit")]
    [InlineData("5", 13, "malformed grpc-timeout: it is up to 8 digits and a unit")]
    [InlineData("5s", 13, "malformed grpc-timeout: it is up to 8 digits and a unit")]
    [InlineData("-1S", 13, "malformed grpc-timeout: it is up to 8 digits and a unit")]
    [InlineData("123456789S", 13, "malformed grpc-timeout: it is up to 8 digits and a unit")]
    [InlineData("0S", 4, "grpc-timeout leaves no time")]
    [InlineData("1n", 4, "grpc-timeout leaves no time")]
    [InlineData("99n", 4, "grpc-timeout leaves no time")]
    public async Task Timeout_ThatIsNone_IsRefused(string timeout, int status, string message)
    {
        await using var front = await GrpcFront.StartAsync(_ => throw new InvalidOperationException("must not be called"));
        using var client = front.Gateway.CreateClientWithKey(GrpcFront.Key);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(front.Gateway.GrpcAddress, GrpcFront.Predict))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([0, 0, 0, 0, 0]),
            Headers = { { "te", "trailers" }, { "grpc-timeout", timeout } },
        };
        request.Content.Headers.Add("content-type", "application/grpc");

        using var response = await client.SendAsync(request);

        Assert.Equal($"{status}", response.Headers.GetValues("grpc-status").Single());
        Assert.StartsWith(message, response.Headers.GetValues("grpc-message").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_OfCalls_HasOneLineEach()
    {
        await using var front = await GrpcFront.StartAsync(GrpcFront.EchoAsync, ("Gateway:Limits:MaxModelInputs", "1"));
        var request = GrpcFront.Request("x");
        var response = GrpcFront.Response("x");

        foreach (var (path, options) in new[]
        {
            (GrpcFront.Predict, GrpcFront.Options("Key " + GrpcFront.Key, ("x-request-id", "one"))),
            (GrpcFront.Stream, GrpcFront.Options("Key wrong", ("x-request-id", "two"))),
            ("/clarifai.api.V2/NoSuchRpc", GrpcFront.Options("Key wrong", ("x-request-id", "three"))),
        })
        {
            var result = await front.Channel.UnaryAsync(path, GrpcFront.Bytes(request), options);
        }

        var (sent, received) = (request.CalculateSize(), response.CalculateSize());
        Assert.Matches($@"POST {GrpcFront.Predict} PostModelOutputs tenant=kitchen grpc=OK 10000 [\d.]+ ms in={sent} out={received} key=- model=\S+ client=127\.0\.0\.1 req_id=one", Line(front, "one"));
        Assert.Matches($@"POST {GrpcFront.Stream} StreamModelOutputs tenant=- grpc=Unauthenticated 0 [\d.]+ ms in=0 out=0 key=- model=- client=127\.0\.0\.1 req_id=two", Line(front, "two"));
        Assert.Matches(@"POST clarifai\.api\.V2/\{\S+\} - tenant=- grpc=Unimplemented 0 [\d.]+ ms in=0 out=0 key=- model=- client=127\.0\.0\.1 req_id=three", Line(front, "three"));
    }

    /// <summary>Trailers of gRPC-Web are in the body, out of sight of what is around it.</summary>
    [Theory]
    [InlineData("application/grpc-web", GrpcFront.Predict, GrpcStatusCode.OK)]
    [InlineData("application/grpc-web-text", GrpcFront.Predict, GrpcStatusCode.OK)]
    [InlineData("application/grpc-web", GrpcFront.Generate, GrpcStatusCode.Aborted)]
    public async Task Log_OfAWebCall_HasItsStatus(string contentType, string path, GrpcStatusCode status)
    {
        await using var front = await GrpcFront.StartAsync(async call =>
        {
            using var message = await call.ReadSingleAsync();
            await call.WriteAsync(GrpcFront.Bytes(GrpcFront.Response()));
            return new GrpcStatus(status, "");
        });
        using var client = front.Gateway.CreateClientWithKey(GrpcFront.Key);
        byte[] empty = [0, 0, 0, 0, 0];
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new ByteArrayContent(contentType.EndsWith("text", StringComparison.Ordinal) ? Encoding.ASCII.GetBytes(Convert.ToBase64String(empty)) : empty),
        };
        request.Content.Headers.Add("content-type", contentType);
        request.Headers.Add("x-request-id", "one");

        using var response = await client.SendAsync(request);

        Assert.Contains($"grpc={status} 10000", Line(front, "one"), StringComparison.Ordinal);
    }

    /// <summary>Requests that say they are gRPC and come to no call have HTTP's status, as their clients do.</summary>
    [Theory]
    [InlineData("/v2/models/m/outputs", 400)]
    [InlineData(GrpcFront.Predict, 426)]
    [InlineData("/other.Service/Method", 404)]
    public async Task Log_OfWhatIsNoCall_HasTheHttpStatus(string path, int status)
    {
        await using var front = await GrpcFront.StartAsync(GrpcFront.EchoAsync);
        using var client = front.Gateway.CreateClientWithKey(GrpcFront.Key);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent([0, 0, 0, 0, 0]) };
        request.Content.Headers.Add("content-type", "application/grpc");
        request.Headers.Add("x-request-id", "one");

        using var response = await client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains($" {status} ", Line(front, "one"), StringComparison.Ordinal);
        Assert.DoesNotContain("grpc=", Line(front, "one"), StringComparison.Ordinal);
    }

    /// <summary>Whoever sends broken messages learns it; the log has one line, and no stack trace.</summary>
    [Theory]
    [InlineData("/grpc.health.v1.Health/Check", "application/grpc-web", "\u0007aaaa")]
    [InlineData(GrpcFront.Predict, "application/grpc-web", "\u0007aaaa")]
    public async Task BrokenMessage_LeavesOneLine(string path, string contentType, string body)
    {
        await using var front = await GrpcFront.StartAsync(GrpcFront.EchoAsync);
        using var client = front.Gateway.CreateClientWithKey(GrpcFront.Key);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.ASCII.GetBytes(body)) };
        request.Content.Headers.Add("content-type", contentType);
        request.Headers.Add("x-request-id", "one");

        using var response = await client.SendAsync(request);

        Assert.NotEqual("0", response.Headers.GetValues("grpc-status").Single());
        Line(front, "one");
        Assert.DoesNotContain(front.Log.Entries, entry => entry.StartsWith("Error", StringComparison.Ordinal));
    }

    private static string Line(GrpcFront front, string id) => Assert.Single(front.Log.Entries, entry => entry.Contains("req_id=" + id, StringComparison.Ordinal));
}
