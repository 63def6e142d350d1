using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Gateway.Api.Memory;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Microsoft.Extensions.DependencyInjection;
using static Gateway.Api.Tests.Support.TwoWay;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Http;

/// <summary>Bodies that begin fast. By the average since then, which is what the server looks at, they could go on for minutes without a byte.</summary>
public sealed class SteadyBodyTests
{
    private const string Predict = "/v2/models/m/outputs";

    // As often as the gateway looks.
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(20);

    private static readonly string Burst = $$$"""{"inputs":[{"data":{"text":{"raw":"{{{new string('a', 100_000)}}}""";

    [Theory]
    [InlineData("Content-Length: 1000000\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nf4240\r\n")]
    public async Task Body_ThatDwindles_IsRequestTimeout(string framing)
    {
        var clock = new ManualTimeProvider();
        await using var gateway = GatewayHost.Start(null, clock);

        using var socket = new TcpClient();
        await socket.ConnectAsync(gateway.Address.Host, gateway.Address.Port);
        await using var stream = socket.GetStream();
        using var lines = new StreamReader(stream);
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"POST {Predict} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Key k\r\n{framing}{Burst}"));
        var status = lines.ReadLineAsync();
        await clock.NextTimerAsync(Window).WaitAsync(Limit);
        await AdvanceAsync(clock, status);

        Assert.Equal("HTTP/1.1 408 Request Timeout", await status);
    }

    [Fact]
    public async Task Body_ThatDwindles_IsRequestTimeoutOverHttp2()
    {
        var clock = new ManualTimeProvider();
        await using var gateway = GatewayHost.Start(null, clock);
        using var client = gateway.CreateClientWithKey();
        using var body = new PushedContent();
        using var request = Request(gateway, client, HttpVersion.Version20, body, Predict);

        using var response = await DwindleAsync(clock, client, request, body, Encoding.UTF8.GetBytes(Burst));

        Assert.Equal(HttpStatusCode.RequestTimeout, response.StatusCode);
        Assert.Contains("\"details\":\"The body came too slowly.\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PackedBody_ThatDwindles_IsRequestTimeout()
    {
        var clock = new ManualTimeProvider();
        await using var gateway = GatewayHost.Start(null, clock);
        using var client = gateway.CreateClientWithKey();
        using var body = new PushedContent();
        body.Headers.ContentEncoding.Add("gzip");
        using var request = Request(gateway, client, HttpVersion.Version20, body, Predict);
        using var packed = new MemoryStream();
        await using var gzip = new GZipStream(packed, CompressionMode.Compress);
        await gzip.WriteAsync(Encoding.UTF8.GetBytes(Burst));
        await gzip.FlushAsync();

        using var response = await DwindleAsync(clock, client, request, body, packed.ToArray());

        Assert.Equal(HttpStatusCode.RequestTimeout, response.StatusCode);
    }

    [Fact]
    public async Task GrpcMessage_ThatDwindles_IsDeadlineExceeded()
    {
        var clock = new ManualTimeProvider();
        await using var gateway = GatewayHost.Start(null, clock);
        using var client = gateway.CreateClientWithKey();
        using var body = new PushedContent();
        body.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        using var request = Request(gateway, client, HttpVersion.Version20, body, "/clarifai.api.V2/PostModelOutputs");
        request.Headers.TE.ParseAdd("trailers");

        // A prefix that announces 1 MB, and a tenth of that.
        using var response = await DwindleAsync(clock, client, request, body, [0, 0, 0x10, 0, 0, .. new byte[100_000]]);
        await response.Content.ReadAsStringAsync();

        Assert.Equal("4", response.Headers.Concat(response.TrailingHeaders).Single(header => header.Key == "grpc-status").Value.Single());
    }

    [Fact]
    public async Task Body_ThatKeepsToTheRate_IsRead()
    {
        var clock = new ManualTimeProvider();
        await using var gateway = GatewayHost.Start(null, clock);
        var budget = gateway.Services.GetRequiredService<ByteBudget>();
        using var client = gateway.CreateClientWithKey();
        using var body = new PushedContent();
        using var request = Request(gateway, client, HttpVersion.Version11, body, "/v2/models/text-sentiment/outputs");
        var sending = SendAsync(client, request);
        await body.WriteAsync("""{"inputs":[{"data":{"text":{"raw":"I love it""");
        await clock.NextTimerAsync(Window).WaitAsync(Limit);
        for (var i = 0; i < 5; i++)
        {
            var before = budget.Used;
            await body.WriteAsync(new string(' ', 300 * 20));
            while (budget.Used < before + (300 * 20))
            {
                await Task.Delay(1);
            }

            clock.Advance(Window);
        }

        await body.WriteAsync("\"}}}]}");
        body.End();
        using var response = await sending;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task TwoWayBody_MayRest()
    {
        var clock = new ManualTimeProvider();
        await using var upstream = await RecordingUpstream.StartAsync(EchoAsync);
        await using var gateway = GatewayHost.Start(upstream.Address, clock);
        using var client = gateway.CreateClientWithKey();
        using var body = new PushedContent();
        using var request = Request(gateway, client, HttpVersion.Version20, body);
        var sending = SendAsync(client, request);
        await body.WriteAsync(Json("one") + "\n");
        using var response = await sending;
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("one", Brief(await NextAsync(lines)));

        clock.Advance(Window);
        clock.Advance(Window);
        clock.Advance(Window);
        await body.WriteAsync(Json("two") + "\n");

        Assert.Equal("two", Brief(await NextAsync(lines)));
    }

    // Sends the beginning, and then next to nothing for as long as the gateway takes it.
    private static async Task<HttpResponseMessage> DwindleAsync(ManualTimeProvider clock, HttpClient client, HttpRequestMessage request, PushedContent body, byte[] beginning)
    {
        var sending = SendAsync(client, request);
        await body.WriteAsync(beginning);
        await clock.NextTimerAsync(Window).WaitAsync(Limit);
        await AdvanceAsync(clock, sending);
        return await sending;
    }

    private static async Task AdvanceAsync(ManualTimeProvider clock, Task asking)
    {
        while (!asking.IsCompleted)
        {
            clock.Advance(Window);
            await Task.Delay(1); // lets the gateway come to its read
        }
    }
}
