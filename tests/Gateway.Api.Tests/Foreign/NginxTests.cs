using System.IO.Compression;
using System.Net;
using System.Text;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using static Gateway.Api.Tests.Support.StreamTesting;

namespace Gateway.Api.Tests.Foreign;

/// <summary>Streams through a real nginx, which by default buffers what it hands on.</summary>
public sealed class NginxTests
{
    private const string Defaults = "";
    private const string Http11 = "proxy_http_version 1.1;";
    private const string Gzip = "gzip on; gzip_types *;";

    [Theory]
    [InlineData("text/event-stream", Defaults)]
    [InlineData("text/event-stream", Http11)]
    [InlineData("text/event-stream", Gzip)]
    [InlineData("application/x-ndjson", Defaults)]
    [InlineData("application/x-ndjson", Http11)]
    [InlineData("application/x-ndjson", Gzip)]
    [InlineData("application/json", Defaults)]
    [InlineData("application/json", Http11)]
    [InlineData("application/json", Gzip)]
    public async Task Messages_NextHeldBack_EachArrives(string accept, string settings)
    {
        var firstArrived = new TaskCompletionSource();
        var secondArrived = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await WriteAsync(call, "one");
            await firstArrived.Task;
            await WriteAsync(call, "two");
            await secondArrived.Task;
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        await using var nginx = await Nginx.StartAsync(gateway.Address, settings);
        using var client = nginx.CreateClientWithKey();

        using var response = await StartAsync(client, accept: accept).WaitAsync(Limit);
        using var body = await ReaderAsync(response);
        var first = await ReadToAsync(body, "one");
        firstArrived.SetResult();
        var second = await ReadToAsync(body, "two");
        secondArrived.SetResult();
        var records = Records(accept, first + second + await body.ReadToEndAsync());

        Assert.StartsWith("nginx/", response.Headers.Server.ToString(), StringComparison.Ordinal);
        Assert.Equal(settings == Gzip ? ["gzip"] : [], response.Content.Headers.ContentEncoding);
        Assert.Equal((HttpStatusCode.OK, accept), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal(["one", "two"], records.Take(2).Select(record => TextOf(record.ToJsonString())));
        Assert.Equal(10000, CodeOf(records[2].ToJsonString()));
        Assert.Equal(3, records.Length);
    }

    [Theory]
    [InlineData("text/event-stream", ":\n")]
    [InlineData("application/x-ndjson", " ")]
    [InlineData("application/json", " ")]
    public async Task Silence_BeforeTheFirstMessage_HeartbeatArrives(string accept, string heartbeat)
    {
        var clock = new ManualTimeProvider();
        var called = new TaskCompletionSource();
        var heard = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            called.SetResult();
            await heard.Task;
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address, clock);
        await using var nginx = await Nginx.StartAsync(gateway.Address);
        using var client = nginx.CreateClientWithKey();

        var starting = StartAsync(client, accept: accept);
        await called.Task.WaitAsync(Limit);
        clock.Advance(TimeSpan.FromSeconds(30));
        using var response = await starting.WaitAsync(Limit);
        using var body = await ReaderAsync(response);

        Assert.Equal(heartbeat, await ReadToAsync(body, heartbeat));
        heard.SetResult();
        Assert.Single(Records(accept, await body.ReadToEndAsync()));
    }

    [Theory]
    [InlineData(false, Defaults)]
    [InlineData(true, Defaults)]
    [InlineData(true, Http11)]
    public async Task Client_Leaves_UpstreamIsCancelled(bool afterFirstMessage, string settings)
    {
        var called = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            call.CancellationToken.Register(cancelled.SetResult);
            if (afterFirstMessage)
            {
                await WriteAsync(call, "one");
            }

            called.SetResult();
            await cancelled.Task;
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        await using var nginx = await Nginx.StartAsync(gateway.Address, settings);
        using var client = nginx.CreateClientWithKey();

        using var leaving = new CancellationTokenSource();
        var starting = StartAsync(client, cancellationToken: leaving.Token);
        await called.Task.WaitAsync(Limit);
        if (afterFirstMessage)
        {
            (await starting.WaitAsync(Limit)).Dispose();
        }

        await leaving.CancelAsync();

        await cancelled.Task.WaitAsync(Limit);
    }

    // What X-Accel-Buffering is for; and were it missing, the tests above would not pass.
    [Fact]
    public async Task Messages_HeaderIgnored_WaitForTheEnd()
    {
        using var written = new SemaphoreSlim(0);
        var release = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await WriteAsync(call, "one");
            written.Release();
            await release.Task;
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        await using var ignoring = await Nginx.StartAsync(gateway.Address, "proxy_ignore_headers X-Accel-Buffering;");
        await using var heeding = await Nginx.StartAsync(gateway.Address);
        using var ignored = ignoring.CreateClientWithKey();
        using var heeded = heeding.CreateClientWithKey();

        var held = StartAsync(ignored);
        await written.WaitAsync(Limit);
        using var later = await StartAsync(heeded).WaitAsync(Limit);
        using var body = await ReaderAsync(later);
        await ReadToAsync(body, "one");
        var overtaken = !held.IsCompleted;
        release.SetResult();
        using var response = await held.WaitAsync(Limit);

        Assert.True(overtaken);
        Assert.Equal(2, (await RecordsAsync(response)).Length);
    }

    private static async Task<StreamReader> ReaderAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStreamAsync();
        return new StreamReader(response.Content.Headers.ContentEncoding.Count == 0 ? body : new GZipStream(body, CompressionMode.Decompress));
    }

    // What has arrived up to and with a text, however it was cut on the way.
    private static async Task<string> ReadToAsync(StreamReader body, string text)
    {
        var read = new StringBuilder();
        var buffer = new char[1024];
        while (!read.ToString().Contains(text, StringComparison.Ordinal))
        {
            var count = await body.ReadAsync(buffer).AsTask().WaitAsync(Limit);
            Assert.True(count > 0, $"The stream ended after: {read}");
            read.Append(buffer, 0, count);
        }

        return read.ToString();
    }
}
