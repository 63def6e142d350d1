using System.Net.Sockets;
using System.Text;
using Gateway.Api.Tests.Support;
using static Gateway.Api.Tests.Support.StreamTesting;

namespace Gateway.Api.Tests.Faults;

/// <summary>Clients that do not read what they asked for.</summary>
public sealed class SlowReaderTests
{
    private const int MessageLength = 64 * 1024;

    [Fact]
    public async Task Client_StopsReading_UpstreamWaitsAndThenTheClientIsCut()
    {
        var sent = 0L;
        var cancelled = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            call.CancellationToken.Register(() => cancelled.TrySetResult());
            while (true)
            {
                await WriteAsync(call, new string('x', MessageLength));
                Interlocked.Add(ref sent, MessageLength);
            }
        });
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Limits:StalledClientTimeout", "00:00:02"));
        using var client = await AskAndStallAsync(gateway.Address);

        await cancelled.Task.WaitAsync(Limit);

        // The upstream stops when all windows and buffers on the way are full: that is far from endless.
        Assert.InRange(Interlocked.Read(ref sent), MessageLength, 64L * 1024 * 1024);
    }

    private static async Task<Socket> AskAndStallAsync(Uri gateway)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(gateway.Host, gateway.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST {Generate} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Key k\r\nContent-Length: 2\r\n\r\n{{}}"));
        return socket;
    }
}
