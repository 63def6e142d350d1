using System.Net;
using System.Text;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Faces.OpenAi;
using Gateway.Api.Tests.Support;
using Gateway.Testing.Grpc;
using static Gateway.Api.Tests.Support.StreamTesting;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Faults;

/// <summary>SIGTERM while streams are open, to the real process.</summary>
public sealed class ShutdownTests
{
    private const string Tell = "/v2/users/home/apps/kitchen/models/m/methods/tell";
    private const string Unfinished = "The gateway is shutting down; the body has not come whole.";

    [Fact]
    public async Task Terminate_DuringAStream_ItFinishesNewOnesAreRefusedAndTheExitCodeIs0()
    {
        var release = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(call => OneThenAnotherAsync(call, release.Task));
        await using var gateway = await GatewayProcess.StartAsync(upstream.Address);
        using var client = Client(gateway);
        using var response = await StartAsync(client);
        await using var events = await EventsAsync(response);
        Assert.Equal("one", TextOf((await NextAsync(events)).Data));

        await gateway.TerminateAsync();
        await RawHttp.UntilRefusedAsync(gateway.Address);
        release.SetResult();

        Assert.Equal("two", TextOf((await NextAsync(events)).Data));
        Assert.Equal("done", (await NextAsync(events)).EventType);
        Assert.Equal(0, await gateway.ExitAsync());
    }

    [Fact]
    public async Task Terminate_StreamOutlastsItsTime_EndsWithAnErrorAndTheExitCodeIs0()
    {
        await using var upstream = await RecordingUpstream.StartAsync(call => OneThenAnotherAsync(call, Task.Delay(Timeout.Infinite, call.CancellationToken)));
        await using var gateway = await GatewayProcess.StartAsync(upstream.Address, "--Gateway:Shutdown:Timeout", "00:00:01");
        using var client = Client(gateway);
        using var response = await StartAsync(client);
        await using var events = await EventsAsync(response);
        await NextAsync(events);

        await gateway.TerminateAsync();
        var end = await NextAsync(events);

        Assert.Equal(("error", "The gateway is shutting down; the stream was not finished."), (end.EventType, DetailsOf(end.Data)));
        Assert.Equal(0, await gateway.ExitAsync());
    }

    [Theory]
    [InlineData(Generate, "text/event-stream")]
    [InlineData(Generate, "application/json")]
    [InlineData(Generate, "application/x-ndjson")]
    [InlineData(Tell, "text/event-stream")]
    [InlineData(Tell, "application/json")]
    [InlineData(Tell, "application/x-ndjson")]
    public async Task Terminate_ResumableStreamOutlastsItsTime_EndsWithAnErrorAndTheExitCodeIs0(string path, string accept)
    {
        await using var upstream = await OpenAiUpstream.StartAsync(
            [OpenAiUpstream.Signature("tell", RunnerMethodType.UnaryStreaming)],
            async (call, _) =>
            {
                await OpenAiUpstream.WriteAsync(call, "one");
                await Task.Delay(Timeout.Infinite, call.CancellationToken);
            });
        await using var gateway = await GatewayProcess.StartAsync(upstream.Address, "--Gateway:Shutdown:Timeout", "1s");
        using var client = Client(gateway);
        client.DefaultRequestHeaders.Add("X-Resume-Window", "30");
        using var response = await StartAsync(client, path, accept);
        Assert.Equal(["30"], response.Headers.GetValues("X-Resume-Window"));

        await gateway.TerminateAsync();
        var records = await RecordsAsync(response).WaitAsync(Limit);

        Assert.Equal(2, records.Length);
        Assert.Equal("The gateway is shutting down; the stream was not finished.", DetailsOf(records[1].ToJsonString()));
        await EndsWithOneLineAsync(gateway, " 200 10030 ");
    }

    [Fact]
    [ProvesSetting("Gateway:Shutdown:Delay")]
    public async Task Terminate_WithADelay_ServesButIsNotReady()
    {
        await using var upstream = await RecordingUpstream.StartAsync(_ => Task.FromResult(GrpcStatus.DefaultSuccess));
        await using var gateway = await GatewayProcess.StartAsync(upstream.Address, "--Gateway:Shutdown:Delay", "00:00:03");
        using var client = Client(gateway);

        await gateway.TerminateAsync();
        HttpStatusCode ready;
        do
        {
            using var answer = await client.GetAsync("/healthz/ready");
            ready = answer.StatusCode;
        }
        while (ready == HttpStatusCode.OK);
        using var response = await StartAsync(client);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (ready, response.StatusCode));
        Assert.Equal(0, await gateway.ExitAsync());
    }

    /// <summary>The client has sent no body yet when the gateway stops, and goes on to send none.</summary>
    [Theory]
    [InlineData("Content-Length: 1000")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task Terminate_BodyOutlastsItsTime_IsAnsweredAndTheExitCodeIs0(string framing)
    {
        await using var gateway = await GatewayProcess.StartAsync(new Uri("http://127.0.0.1:1"), "--Gateway:Shutdown:Timeout", "1s");
        using var socket = await RawHttp.ConnectAsync(gateway.Address);
        await using var stream = socket.GetStream();
        using var reader = new StreamReader(stream);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v2/models/m/outputs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Key client-key\r\n{framing}\r\nExpect: 100-continue\r\n\r\n"));
        Assert.Equal("HTTP/1.1 100 Continue", await reader.ReadLineAsync().WaitAsync(Limit)); // the gateway reads the body
        await reader.ReadLineAsync().WaitAsync(Limit);

        await gateway.TerminateAsync();

        Assert.Equal("HTTP/1.1 503 Service Unavailable", await reader.ReadLineAsync().WaitAsync(Limit));
        while (await reader.ReadLineAsync().WaitAsync(Limit) is { Length: > 0 })
        {
        }

        var body = new char[Unfinished.Length];
        await reader.ReadBlockAsync(body).AsTask().WaitAsync(Limit);
        Assert.StartsWith("""{"status":{"code":10030,""", new string(body), StringComparison.Ordinal);
        await EndsWithOneLineAsync(gateway, " 503 10030 ");
    }

    /// <summary>As soon as the server takes no new connections, it cancels what reads a body of which a part is there.</summary>
    [Theory]
    [InlineData("PostModelOutputs", "application/grpc-web", 0)]
    [InlineData("PostModelOutputs", "application/grpc-web-text", (byte)'A')]
    [InlineData("GenerateModelOutputs", "application/grpc-web", 0)]
    public async Task Terminate_GrpcWebMessageOutlastsItsTime_IsUnavailableAndTheExitCodeIs0(string rpc, string type, byte first)
    {
        await using var gateway = await GatewayProcess.StartAsync(new Uri("http://127.0.0.1:1"), "--Gateway:Shutdown:Timeout", "1s");
        using var socket = await RawHttp.ConnectAsync(gateway.Address);
        await using var stream = socket.GetStream();
        using var reader = new StreamReader(stream);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /clarifai.api.V2/{rpc} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Key client-key\r\n"
            + $"Content-Type: {type}\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n"));
        Assert.Equal("HTTP/1.1 100 Continue", await reader.ReadLineAsync().WaitAsync(Limit)); // the gateway reads the body
        await stream.WriteAsync(new byte[] { first });

        await gateway.TerminateAsync();

        await EndsWithOneLineAsync(gateway, " grpc=Unavailable ");
    }

    [Theory]
    [InlineData("/v2/models/m/outputs", "application/json", " 503 10030 ")]
    [InlineData("/clarifai.api.V2/PostModelOutputs", "application/grpc", " grpc=Unavailable ")]
    [InlineData("/clarifai.api.V2/GenerateModelOutputs", "application/grpc", " grpc=Unavailable ")]
    public async Task Terminate_BodyOverHttp2OutlastsItsTime_IsAnsweredAndTheExitCodeIs0(string path, string type, string logged)
    {
        await using var gateway = await GatewayProcess.StartAsync(new Uri("http://127.0.0.1:1"), "--Gateway:Shutdown:Timeout", "1s");
        var isGrpc = type == "application/grpc";
        var address = new Uri((await gateway.LineAsync("gRPC, and HTTP/2 without TLS, at ")).Split(' ')[^1]);
        using var client = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = Timeout.InfiniteTimeSpan });
        using var body = new PushedContent { Headers = { { "Content-Type", type } } };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body,
            Headers = { { "Authorization", "Key client-key" }, { "TE", "trailers" }, { "Expect", "100-continue" } },
        };
        var answering = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await body.WriteAsync(new byte[] { isGrpc ? (byte)0 : (byte)' ' }).WaitAsync(Limit); // the gateway reads the body

        await gateway.TerminateAsync();
        using var answer = await answering.WaitAsync(Limit);
        body.End();

        if (isGrpc)
        {
            Assert.Equal("14", Assert.Single(answer.Headers.GetValues("grpc-status")));
        }
        else
        {
            Assert.Equal(Unfinished, DetailsOf(await answer.Content.ReadAsStringAsync()));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        }

        await EndsWithOneLineAsync(gateway, logged);
    }

    [Theory]
    [InlineData("/v2/models/m/outputs", "application/json", " 503 10030 ")]
    [InlineData("/clarifai.api.V2/PostModelOutputs", "application/grpc-web", " grpc=Unavailable ")]
    public async Task Terminate_UpstreamStaysSilent_IsAnsweredAndTheExitCodeIs0(string path, string type, string logged)
    {
        var called = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            called.TrySetResult();
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = await GatewayProcess.StartAsync(upstream.Address, "--Gateway:Shutdown:Timeout", "1s");
        using var client = Client(gateway);
        var answering = PostAsync(client, path, type);
        await called.Task.WaitAsync(Limit);

        await gateway.TerminateAsync();
        using var answer = await answering.WaitAsync(Limit);

        Assert.Contains("he gateway is shutting down", Uri.UnescapeDataString(await ToldAsync(answer)), StringComparison.Ordinal);
        await EndsWithOneLineAsync(gateway, logged);
    }

    /// <summary>Between two attempts, too: the model has yet to load.</summary>
    [Fact]
    public async Task Terminate_CallWaitsForItsNextAttempt_IsAnsweredAndTheExitCodeIs0()
    {
        var called = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await WriteAsync(call, "", StatusCode.ModelDeploying);
            called.TrySetResult();
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = await GatewayProcess.StartAsync(
            upstream.Address, "--Gateway:Shutdown:Timeout", "1s", "--Gateway:Upstream:Retry:LoadingTimeout", "1h", "--Gateway:Upstream:Retry:InitialBackoff", "1m",
            "--Gateway:Upstream:Retry:MaxBackoff", "1m");
        using var client = Client(gateway);
        var answering = PostAsync(client, "/v2/models/m/outputs", "application/json");
        await called.Task.WaitAsync(Limit);

        await gateway.TerminateAsync();
        using var answer = await answering.WaitAsync(Limit);

        Assert.Equal("The gateway is shutting down; the upstream has not answered.", DetailsOf(await ToldAsync(answer)));
        Assert.Equal(0, await gateway.ExitAsync());
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, string type)
    {
        var body = new ByteArrayContent(type == "application/json" ? "{}"u8.ToArray() : new byte[5]) { Headers = { { "Content-Type", type } } };
        return client.PostAsync(path, body);
    }

    // The body, or what gRPC-Web says in place of one.
    private static async Task<string> ToldAsync(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("grpc-message", out var message) ? message.Single() : await answer.Content.ReadAsStringAsync();

    // Of the one request, and of nothing else.
    private static async Task EndsWithOneLineAsync(GatewayProcess gateway, string logged)
    {
        Assert.Equal(0, await gateway.ExitAsync());
        var lines = (await gateway.EndAsync()).SkipWhile(line => !line.StartsWith("gRPC, and ", StringComparison.Ordinal)).Skip(1);
        var line = Assert.Single(lines, line => !line.Contains(" INF Upstream: ", StringComparison.Ordinal)); // the start's, which a busy log is late with
        Assert.Contains(logged, line, StringComparison.Ordinal);
    }

    private static HttpClient Client(GatewayProcess gateway)
    {
        var client = new HttpClient { BaseAddress = gateway.Address };
        client.DefaultRequestHeaders.Add("Authorization", "Key client-key");
        return client;
    }

    private static async Task<GrpcStatus> OneThenAnotherAsync(GrpcServerCall call, Task release)
    {
        await WriteAsync(call, "one");
        await release;
        await WriteAsync(call, "two");
        return GrpcStatus.DefaultSuccess;
    }
}
