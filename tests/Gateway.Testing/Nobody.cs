using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Testing;

/// <summary>
/// Addresses at which nobody listens. Each stays taken while the tests run: a port that was free a moment ago may by now be another test's
/// server, or the gateway's own.
/// </summary>
public static class Nobody
{
    private static readonly ConcurrentBag<Socket> Taken = [];

    /// <summary>An address that refuses connections, another one each time.</summary>
    public static Uri At()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Taken.Add(socket);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return new Uri($"http://{socket.LocalEndPoint}");
    }
}
