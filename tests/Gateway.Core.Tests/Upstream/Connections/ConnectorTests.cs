using System.Net;
using System.Net.Sockets;
using Gateway.Core.Upstream.Connections;

namespace Gateway.Core.Tests.Upstream.Connections;

/// <summary>How sockets are set up: what the kernel does by itself shows in no call.</summary>
public sealed class ConnectorTests
{
    [Fact]
    public async Task Connect_Socket_SendsAtOnceAndProbesASilentPeer()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var host = new DnsEndPoint("localhost", ((IPEndPoint)listener.LocalEndpoint).Port);

        await using var stream = await new Connector(new ChannelOptions()).ConnectAsync(host, isSecure: false, CancellationToken.None);

        var socket = Assert.IsType<NetworkStream>(stream).Socket;
        Assert.True(socket.NoDelay);
        Assert.NotEqual(0, socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive));
        Assert.Equal(20, socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime));
        if (OperatingSystem.IsLinux())
        {
            Assert.Equal(30_000, UnacknowledgedMilliseconds(socket));
        }
    }

    // tcp(7): TCP_USER_TIMEOUT
    private static int UnacknowledgedMilliseconds(Socket socket)
    {
        var value = new byte[sizeof(int)];
        socket.GetRawSocketOption(6, 18, value);
        return BitConverter.ToInt32(value);
    }
}
