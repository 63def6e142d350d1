using System.Net;
using System.Net.Sockets;
using Gateway.Core.Upstream.Connections;

namespace Gateway.Core.Tests.Upstream.Connections;

/// <summary>The end of a connection; its beginning is in <see cref="HandshakeTests"/>.</summary>
public sealed class ConnectionStreamTests
{
    private static readonly byte[] Settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    private static readonly byte[] GoAway = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    [Fact]
    public async Task Write_AfterThePeerHasReset_LeavesItsLastWordToBeRead()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        var connecting = client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        var peer = await listener.AcceptSocketAsync();
        await connecting;
        var inner = client.GetStream();
        await using var stream = new ConnectionStream(inner);

        await peer.SendAsync((byte[])[.. Settings, .. GoAway]);
        await stream.ReadExactlyAsync(new byte[Settings.Length]);
        Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty)); // the handler asks for more: the connection is open
        await stream.WriteAsync(new byte[1]);
        peer.Dispose(); // with a byte that it has not read: it resets
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (true)
            {
                await inner.WriteAsync(new byte[1]);
            }
        });
        await stream.WriteAsync(new byte[1]);

        var lastWord = new byte[GoAway.Length];
        await stream.ReadExactlyAsync(lastWord);
        Assert.Equal(GoAway, lastWord);
    }
}
