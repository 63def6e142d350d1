using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.RegularExpressions;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Configuration;
using Gateway.Api.Logging;
using Gateway.Api.Telemetry;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Gateway.Testing.Grpc;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using static Gateway.Api.Tests.Support.StreamTesting;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Logging;

/// <summary>The one line that each request leaves in the log.</summary>
public sealed partial class RequestLineTests
{
    private static readonly (string, string?)[] Tenant = [("Gateway:Tenants:kitchen:Keyless", "true"), ("Gateway:Tenants:kitchen:Pat", "pat")];

    private readonly LoggedLines _lines = new("Gateway.Api.Logging.RequestLog");

    [Fact]
    public async Task Request_OverHttp_HasItsStatusAndBytesBothWays()
    {
        await using var upstream = await RecordingUpstream.StartAsync(
            _ => new MultiOutputResponse { Status = new Status { Code = StatusCode.ModelPredictionFailed, Description = "no", ReqId = "upstream" } });
        await using var gateway = GatewayHost.Start(upstream.Address, _lines.Install, Tenant);
        using var client = new HttpClient { BaseAddress = gateway.Address, DefaultRequestHeaders = { { "X-Request-ID", "mine" } } };
        var body = TwoWay.Json("hello");

        using var response = await client.PostAsync("/v2/models/canary-model/outputs?page=7", new StringContent(body));
        var answer = await response.Content.ReadAsByteArrayAsync();

        Assert.Equal(answer.Length, response.Content.Headers.ContentLength);
        Assert.Equal(
            $"POST /v2/models/{{model_id}}/outputs PostModelOutputs tenant=kitchen {(int)response.StatusCode} {(int)StatusCode.ModelPredictionFailed} T ms in={body.Length} out={answer.Length} key=- model=- client=127.0.0.1 req_id=mine",
            Timeless(await _lines.NextAsync()));
    }

    [Theory]
    [InlineData(Generate, "1.1")]
    [InlineData(Generate, "2.0")]
    [InlineData("/v2/models/m/outputs", "1.1")]
    [InlineData("/v2/models/m/outputs", "2.0")]
    public async Task Client_ThatLeft_Is499(string path, string version)
    {
        var called = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(call => HangAsync(call, called));
        await using var gateway = GatewayHost.Start(upstream.Address, _lines.Install, Tenant);
        using var client = new HttpClient { BaseAddress = gateway.Address };
        using var request = TwoWay.Request(gateway, client, Version.Parse(version), new StringContent("{}"), path);
        using var leaving = new CancellationTokenSource();

        var asking = client.SendAsync(request, leaving.Token);
        await called.Task.WaitAsync(Limit);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Matches(@"^POST \S+ (Post|Generate)ModelOutputs tenant=kitchen 499 \d+ T ms in=2 out=0 key=- model=- client=127\.0\.0\.1 req_id=\w+$", Timeless(await _lines.NextAsync()));
    }

    /// <summary>As <c>curl | head</c> does, which goes once it has what it wants.</summary>
    [Theory]
    [InlineData(12L, 12, false, " 200 ")]
    [InlineData(null, 12, true, " 200 ")]
    [InlineData(null, 12, false, " 499 ")]
    [InlineData(12L, 11, false, " 499 ")]
    public async Task Client_ThatGoesWithAllOfItsAnswer_IsNot499(long? length, int sent, bool isEnded, string status)
    {
        var log = new RequestLog(
            http =>
            {
                http.Response.ContentLength = length;
                RequestRecord.Of(http).ResponseBytes = sent;
                RequestRecord.Of(http).IsEnded = isEnded;
                RequestRecord.Of(http).ClientLeft = true;
                http.RequestAborted = new CancellationToken(canceled: true);
                return Task.CompletedTask;
            },
            TimeProvider.System,
            new RequestTelemetry(new RecordedMeters(), Options.Create(new GatewayOptions()), TimeProvider.System),
            new LoggerFactory([_lines]).CreateLogger<RequestLog>());

        await log.InvokeAsync(new DefaultHttpContext());

        Assert.Contains(status, await _lines.NextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.1", 101, "GET")]
    [InlineData("2.0", 200, "CONNECT")]
    public async Task WebSocket_HasTheBytesOfItsMessages(string version, int status, string verb)
    {
        await using var upstream = await RecordingUpstream.StartAsync(TwoWay.EchoAsync);
        await using var gateway = GatewayHost.Start(upstream.Address, _lines.Install, Tenant);
        using var client = await SocketClient.OpenAsync(gateway, version, TwoWay.Stream, ("X-Request-ID", "mine"));
        var sent = TwoWay.Json("häuser");

        await client.SendAsync(sent);
        await client.EndAsync();
        var received = await BytesAsync(client.Socket);

        Assert.Equal(
            $"{verb} /v2/models/{{model_id}}/outputs/stream StreamModelOutputs tenant=kitchen {status} 10000 T ms in={Encoding.UTF8.GetByteCount(sent)} out={received} key=- model=m client=127.0.0.1 req_id=mine",
            Timeless(await _lines.NextAsync()));
    }

    [Fact]
    public async Task WebSocket_ClientThatLeft_Is499()
    {
        await using var upstream = await RecordingUpstream.StartAsync(TwoWay.EchoAsync);
        await using var gateway = GatewayHost.Start(upstream.Address, _lines.Install, Tenant);
        using var client = await SocketClient.OpenAsync(gateway, "1.1", TwoWay.Stream, ("X-Request-ID", "mine"));
        var sent = TwoWay.Json("one");
        await client.SendAsync(sent);
        await client.NextAsync();

        client.Socket.Abort();

        Assert.Matches(
            $@"^GET \S+ StreamModelOutputs tenant=kitchen 499 \d+ T ms in={sent.Length} out=[1-9]\d* key=- model=m client=127\.0\.0\.1 req_id=mine$", Timeless(await _lines.NextAsync()));
    }

    /// <summary>A body that breaks off is its client's doing: it leaves the line, and no error.</summary>
    [Fact]
    public async Task Body_BrokenOff_IsNoError()
    {
        var errors = new LogRecorder(LogLevel.Warning);
        await using var gateway = GatewayHost.Start(
            null,
            host =>
            {
                _lines.Install(host);
                host.ConfigureTestServices(services => services.AddRecorder(errors));
            },
            Tenant);
        for (var i = 0; i < 10; i++)
        {
            using (var client = new TcpClient())
            {
                await client.ConnectAsync(gateway.Address.Host, gateway.Address.Port);
                await client.GetStream().WriteAsync("POST /v2/models/m/outputs HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{\"inputs\":["u8.ToArray());
                await client.GetStream().FlushAsync();
            }

            Assert.Matches(" (400|499) ", await _lines.NextAsync());
        }

        Assert.Empty(errors.Entries);
    }

    /// <summary>Of requests that are none of the gateway's an operator sees the path, percent-encoded and cut short, and nothing else: what the real process prints.</summary>
    [Fact]
    public async Task Unmatched_PathAlone_IsPrinted()
    {
        await using var gateway = await GatewayProcess.StartAsync(
            AppContext.BaseDirectory, GatewayProcess.NoVariables, "--urls", "http://127.0.0.1:0", "--Serilog:MinimumLevel:Default", "Verbose");
        using var client = new HttpClient { BaseAddress = gateway.Address };

        foreach (var (verb, path, media) in new[]
        {
            ("GET", "/v2/nothing/odd%20path%0d%0a?secret=canary-query", null),
            ("GET", $"/{new string('x', 200)}canary-end", null),
                        ("PATCH", "/v2/models/odd/outputs?secret=canary-query", null),
            ("POST", "/clarifai.api.V2/canary-rpc?secret=canary-query", "application/grpc"),
            ("POST", "/clarifai.api.V2/PostModelOutputs?secret=canary-query", "canary/media"),
            ("GET", "/v2/ext/odd", null),
            ("GET", "/openapi/odd.json", null),
            ("GET", "/swagger/odd", null),
            ("GET", "/cgw_canary-key_0", null),
            ("GET", "/v2/nothing/cgw_canary/%63gw_canary", null),
        })
        {
            using var request = new HttpRequestMessage(new HttpMethod(verb), path);
            if (media is not null)
            {
                request.Content = new ByteArrayContent([0]) { Headers = { ContentType = new MediaTypeHeaderValue(media) } };
            }

            using var response = await client.SendAsync(request);
            Assert.True((int)response.StatusCode is >= 400 and < 500 || response.Headers.Contains("grpc-status"));
        }

        using var last = await client.GetAsync("/healthz/live");
        await gateway.LineAsync("/healthz/live");

        Assert.Contains(gateway.Output, line => line.Contains(" GET /v2/nothing/odd%20path%0D%0A - tenant=- 404 ", StringComparison.Ordinal));
        Assert.Contains(gateway.Output, line => line.Contains($" GET /{new string('x', 99)}... - tenant=- 404 ", StringComparison.Ordinal));
        Assert.Contains(gateway.Output, line => line.Contains(" GET /cgw_*** - tenant=- 404 ", StringComparison.Ordinal));
        Assert.Contains(gateway.Output, line => line.Contains(" GET /v2/nothing/cgw_***/cgw_*** - tenant=- 404 ", StringComparison.Ordinal));
        Assert.DoesNotContain(gateway.Output, line => line.Contains("canary", StringComparison.Ordinal));
    }

    private static async Task<GrpcStatus> HangAsync(GrpcServerCall call, TaskCompletionSource called)
    {
        called.SetResult();
        await Task.Delay(Timeout.Infinite, call.CancellationToken);
        return GrpcStatus.DefaultSuccess;
    }

    // Of all messages to the close frame.
    private static async Task<int> BytesAsync(WebSocket socket)
    {
        var bytes = 0;
        var buffer = new byte[16 * 1024];
        while (await socket.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(Limit) is { MessageType: not WebSocketMessageType.Close } received)
        {
            bytes += received.Count;
        }

        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        return bytes;
    }

    private static string Timeless(string line) => Milliseconds().Replace(line, " T ms ");

    [GeneratedRegex(@" [0-9]+\.[0-9] ms ")]
    private static partial Regex Milliseconds();
}
