using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Gateway.Testing.Http2;
using Google.Protobuf;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using static Gateway.Api.Tests.Support.StreamTesting;

namespace Gateway.Api.Tests.Faults;

/// <summary>
/// Clients that leave, at each stage of a call. The upstream of a call that has begun sees its stream reset with CANCEL; one of a call that has
/// not begun sees nothing of it.
/// </summary>
public sealed class ClientGoneTests
{
    private const string Unary = "/v2/models/m/outputs";
    private const uint Cancel = 0x8; // RFC 9113, section 7

    [Theory]
    [InlineData(Unary, "1.1")]
    [InlineData(Unary, "2.0")]
    [InlineData(Generate, "1.1")]
    [InlineData(Generate, "2.0")]
    public async Task Gone_WhileUploading_UpstreamSeesNothing(string path, string version)
    {
        var connections = 0;
        await using var upstream = new Http2Peer(_ =>
        {
            Interlocked.Increment(ref connections);
            return Task.CompletedTask;
        });
        var watch = new RequestWatch();
        await using var gateway = GatewayHost.Start(upstream.Address, watch.Install);
        using var client = gateway.CreateClientWithKey();
        using var body = new PushedContent();
        using var leaving = new CancellationTokenSource();

        var sending = SendAsync(gateway, client, path, version, body, leaving.Token);
        await body.WriteAsync("""{"inputs":[""");
        await watch.Begun.WaitAsync(Limit);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        await watch.Ended.WaitAsync(Limit);
        Assert.Equal(0, connections);
    }

    [Theory]
    [InlineData(Unary)]
    [InlineData(Generate)]
    public async Task Gone_InTheQueueForAStream_IsNeverSent(string path)
    {
        var full = new TaskCompletionSource();
        var queued = new TaskCompletionSource();
        var settle = new TaskCompletionSource();
        var next = new TaskCompletionSource<byte[]>();
        var connections = 0;
        await using var upstream = new Http2Peer(async connection =>
        {
            if (Interlocked.Increment(ref connections) == 1)
            {
                await connection.OpenAsync((Http2Setting.MaxConcurrentStreams, 1));
                await connection.ReadCallAsync();
                full.SetResult();
                return;
            }

            await connection.ReadPrefaceAsync();
            queued.SetResult();
            await settle.Task;
            await connection.WriteAsync(Http2FrameType.Settings, 0, 0, []);
            next.SetResult(await connection.ReadRequestAsync(await connection.ReadCallAsync()));
        });
        var watch = new RequestWatch(nth: 2);
        await using var gateway = GatewayHost.Start(upstream.Address, watch.Install);
        using var client = gateway.CreateClientWithKey();
        using var leaving = new CancellationTokenSource();

        var first = SendAsync(gateway, client, path, "1.1", new StringContent("{}"), CancellationToken.None);
        await full.Task.WaitAsync(Limit);
        var second = SendAsync(gateway, client, path, "1.1", new StringContent(TwoWay.Json("second")), leaving.Token);
        await queued.Task.WaitAsync(Limit);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await watch.Ended.WaitAsync(Limit);
        settle.SetResult();
        var third = SendAsync(gateway, client, path, "1.1", new StringContent(TwoWay.Json("third")), CancellationToken.None);

        Assert.Contains("third", Encoding.UTF8.GetString(await next.Task.WaitAsync(Limit)), StringComparison.Ordinal);
        Assert.False(first.IsCompleted || third.IsCompleted);
    }

    [Theory]
    [InlineData(Unary)]
    [InlineData(Generate)]
    public async Task Gone_AsleepBeforeARetry_IsNotTriedAgain(string path)
    {
        var pushback = TimeSpan.FromMilliseconds(3_456_789);
        var calls = 0;
        await using var upstream = await RecordingUpstream.StartAsync(call =>
        {
            Interlocked.Increment(ref calls);
            call.ResponseTrailers.Add("grpc-retry-pushback-ms", $"{pushback.TotalMilliseconds}");
            return Task.FromResult(new GrpcStatus(GrpcStatusCode.Unavailable, "later"));
        });
        var clock = new ManualTimeProvider();
        var watch = new RequestWatch();
        await using var gateway = GatewayHost.Start(
            upstream.Address,
            host => watch.Install(host.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(clock))),
            ("Gateway:Upstream:Retry:MaxBackoff", "01:00:00"),
            ("Gateway:Upstream:UnaryTimeout", "02:00:00"),
            ("Gateway:Streams:FirstMessageTimeout", "02:00:00"));
        using var client = gateway.CreateClientWithKey();
        using var leaving = new CancellationTokenSource();

        var sending = SendAsync(gateway, client, path, "1.1", new StringContent("{}"), leaving.Token);
        await clock.NextTimerAsync(pushback).WaitAsync(Limit);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        await watch.Ended.WaitAsync(Limit);
        Assert.Equal(1, calls);
    }

    [Theory]
    [InlineData(Unary, "1.1")]
    [InlineData(Unary, "2.0")]
    [InlineData(Generate, "1.1")]
    [InlineData(Generate, "2.0")]
    [InlineData(TwoWay.Stream, "1.1")]
    [InlineData(TwoWay.Stream, "2.0")]
    public async Task Gone_BeforeTheFirstMessage_ResetsTheStream(string path, string version)
    {
        await using var upstream = new WatchfulUpstream(answer: []);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        using var leaving = new CancellationTokenSource();

        var sending = SendAsync(gateway, client, path, version, new StringContent("{}"), leaving.Token);
        await upstream.Asked.WaitAsync(Limit);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Equal(Cancel, await upstream.Reset.WaitAsync(Limit));
    }

    [Theory]
    [InlineData(Generate, "1.1")]
    [InlineData(Generate, "2.0")]
    [InlineData(TwoWay.Stream, "1.1")]
    [InlineData(TwoWay.Stream, "2.0")]
    public async Task Gone_MidStream_ResetsTheStream(string path, string version)
    {
        await using var upstream = new WatchfulUpstream(Response("one").ToByteArray());
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var response = await SendAsync(gateway, client, path, version, new StringContent("{}"), CancellationToken.None);
        await (await response.Content.ReadAsStreamAsync()).ReadAtLeastAsync(new byte[100], minimumBytes: 1);
        response.Dispose();

        Assert.Equal(Cancel, await upstream.Reset.WaitAsync(Limit));
    }

    [Theory]
    [InlineData(Generate)]
    [InlineData(TwoWay.Stream)]
    [ProvesSetting("Gateway:Limits:StalledClientTimeout")]
    public async Task Gone_WhileItTakesNothing_ResetsTheStream(string path)
    {
        // Fits into a stream's first window, and not into what lies between the gateway and a client that does not read.
        var stall = TimeSpan.FromMinutes(34);
        await using var upstream = new WatchfulUpstream(Response(new string('x', 200_000)).ToByteArray());
        var clock = new ManualTimeProvider();
        await using var gateway = GatewayHost.Start(
            upstream.Address,
            host => host.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(clock).Configure<SocketTransportOptions>(SendLittleAtOnce)),
            ("Gateway:Limits:StalledClientTimeout", $"{stall}"));
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096, LingerState = new LingerOption(enable: true, seconds: 0) };
        await client.ConnectAsync(gateway.Address.Host, gateway.Address.Port);

        await client.SendAsync(Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Key k\r\nContent-Length: 2\r\n\r\n{{}}"));
        await clock.NextTimerAsync(stall).WaitAsync(Limit); // the gateway waits for the client
        client.Dispose();

        Assert.Equal(Cancel, await upstream.Reset.WaitAsync(Limit));
    }

    [Theory]
    [InlineData("1.1", false, true)]
    [InlineData("1.1", false, false)]
    [InlineData("1.1", true, true)]
    [InlineData("1.1", true, false)]
    [InlineData("2.0", false, true)]
    [InlineData("2.0", false, false)]
    [InlineData("2.0", true, true)]
    [InlineData("2.0", true, false)]
    public async Task Gone_OnAWebSocket_ResetsTheStream(string version, bool midStream, bool withCloseFrame)
    {
        await using var upstream = new WatchfulUpstream(midStream ? Response("one").ToByteArray() : [], readsToTheEnd: false);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = await SocketClient.OpenAsync(gateway, version);

        await upstream.Asked.WaitAsync(Limit);
        if (midStream)
        {
            await client.NextAsync();
        }

        if (withCloseFrame)
        {
            await client.Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
        else
        {
            client.Socket.Abort();
        }

        Assert.Equal(Cancel, await upstream.Reset.WaitAsync(Limit));
    }

    private static void SendLittleAtOnce(SocketTransportOptions options) => options.CreateBoundListenSocket = endpoint =>
    {
        var listener = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        listener.SendBufferSize = 4096; // accepted sockets inherit it
        return listener;
    };

    private static async Task<HttpResponseMessage> SendAsync(
        GatewayHost gateway, HttpClient client, string path, string version, HttpContent body, CancellationToken leaving)
    {
        using var request = TwoWay.Request(gateway, client, Version.Parse(version), body, path);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leaving);
    }
}
