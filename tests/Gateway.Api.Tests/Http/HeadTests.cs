using System.Net;
using System.Net.Sockets;
using System.Text;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Faces.Grpc;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Logging;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Http;

/// <summary>HEAD is GET without the content (RFC 9110, 9.3.2), wherever GET works and wherever it does not.</summary>
public sealed class HeadTests(HeadTests.Served served) : IClassFixture<HeadTests.Served>
{
    private const string Model = "/v2/models/text-generator";
    private const string Logs = "/v2/users/u/compute_clusters/c/nodepools/n/runners/r/runner/logs";

    [Theory]
    [InlineData("/healthz/live", 200)]
    [InlineData("/healthz/ready", 200)]
    [InlineData("/openapi/v2.json", 200)]
    [InlineData("/swagger/index.html", 200)]
    [InlineData("/swagger", 301)]
    [InlineData("/v2/models", 200)]
    [InlineData(Model, 200)]
    [InlineData(Model + "/methods", 200)]
    [InlineData(Model + "/methods/predict", 200)]
    [InlineData(Model + "/methods/predict/snippet", 200)]
    [InlineData("/v2/ext/openai/v1/models", 200)]
    [InlineData("/v2/ext/openai/v1/models/text-generator", 200)]
    [InlineData("/v2/models?page=x", 400)]
    [InlineData("/v2/nothing", 404)]
    [InlineData(Model + "/methods/nothing", 404)]
    [InlineData("/v2/ext/openai/v1/nothing", 404)]
    [InlineData(Model + "/outputs", 405)]
    [InlineData(Model + "/outputs/stream", 405)]
    [InlineData("/v2/ext/openai/v1/chat/completions", 405)]
    [InlineData("/v2/ext/mcp/v1/models/text-generator", 405)]
    [InlineData("/clarifai.api.V2/PostModelOutputs", 405)]
    public async Task Head_AnswersAsGetDoes_WithoutContent(string path, int status)
    {
        using var client = served.Gateway.CreateClientWithKey();
        using var get = await client.GetAsync(path);
        var length = (await get.Content.ReadAsByteArrayAsync()).Length;

        // By the bytes over HTTP/1.1; over HTTP/2, curl takes any for a breach of the protocol.
        var (head, content) = await RawAsync(served.Gateway.Address, path);
        var (exit, headers) = await Curl.RunAsync(
            "--http2-prior-knowledge", "--head", "--user-agent", "", "--header", "Authorization: Key client-key", new Uri(served.Gateway.GrpcAddress, path).ToString());

        Assert.Equal((status, ""), ((int)get.StatusCode, content));
        Assert.Equal(0, exit);
        foreach (var answer in new[] { head, headers })
        {
            Assert.Matches($"^HTTP/[0-9.]+ {status}\\b", answer);
            Assert.Equal(get.Content.Headers.ContentType?.ToString(), Header(answer, "Content-Type")?.Replace(";charset", "; charset", StringComparison.Ordinal));
            if (get.Content.Headers.ContentLength is not null && Header(answer, "Content-Length") is { } announced)
            {
                Assert.Equal($"{length}", announced);
            }
        }
    }

    [Theory]
    [InlineData("/healthz/live")]
    [InlineData(Model)]
    [InlineData(Model + "/methods")]
    [InlineData("/v2/nothing")]
    public async Task ContentLength_IsThatOfTheContent(string path)
    {
        using var client = served.Gateway.CreateClientWithKey();
        using var get = await client.GetAsync(path);

        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));

        Assert.NotNull(head.Content.Headers.ContentLength);
        Assert.Equal((await get.Content.ReadAsByteArrayAsync()).Length, head.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData("PUT", "/healthz/live", "GET, HEAD")]
    [InlineData("PUT", "/v2/status_codes", "GET, HEAD")]
    [InlineData("PUT", "/v2/ext/openai/v1/models", "GET, HEAD")]
    [InlineData("PUT", "/v2/ext/openai/v1/chat/completions", "POST")]
    [InlineData("HEAD", Model + "/outputs", "POST")]
    public async Task Allow_NamesHeadWhereGetIsNamed(string verb, string path, string allow)
    {
        using var client = served.Gateway.CreateClientWithKey();

        using var answer = await client.SendAsync(new HttpRequestMessage(new HttpMethod(verb), path));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(allow, string.Join(", ", answer.Content.Headers.Allow.Order()));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Stream_EndsWithItsHeaders_AndItsCallWithIt(string version)
    {
        var cancelled = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            using var leaving = call.CancellationToken.Register(cancelled.SetResult);
            await call.WriteAsync(GrpcFront.Bytes(new MultiLogEntryResponse { Status = new Status { Code = StatusCode.Success } }));
            await cancelled.Task;
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(version == "2.0" ? gateway.GrpcAddress : gateway.Address, Logs))
        {
            Headers = { { "Accept", "text/event-stream" } },
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var answer = await client.SendAsync(request).WaitAsync(StreamTesting.Limit);

        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        await cancelled.Task.WaitAsync(StreamTesting.Limit);
    }

    [Fact]
    public async Task Log_SaysHead_AndNoBytesOut()
    {
        using var log = new LogRecorder(LogLevel.Information);
        await using var gateway = GatewayHost.Start(
            null, host => host.ConfigureTestServices(services => services.AddRecorder(log)));
        using var client = gateway.CreateClientWithKey();

        using var answer = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/v2/nothing"));

        await gateway.DisposeAsync(); // the line comes when the request is over, which its client may know before
        var id = answer.Headers.GetValues("X-Request-ID").Single();
        var line = Assert.Single(log.Entries, entry => entry.Contains($"req_id={id}", StringComparison.Ordinal));
        Assert.Matches(@": HEAD /v2/nothing - tenant=- 404 11101 [\d.]+ ms in=0 out=0 ", line);
    }

    // Head and content of an answer, up to the end of the connection.
    private static async Task<(string Head, string Content)> RawAsync(Uri address, string path)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(address.Host, address.Port);
        await using var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HEAD {path} HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: Key client-key\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync().WaitAsync(StreamTesting.Limit);
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        return (answer[..end], answer[end..]);
    }

    private static string? Header(string head, string name) =>
        head.Split("\r\n").FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();

    /// <summary>A gateway on the sandbox for all paths.</summary>
    public sealed class Served : IDisposable
    {
        internal GatewayHost Gateway { get; } = GatewayHost.Start();

        public void Dispose() => Gateway.Dispose();
    }
}
