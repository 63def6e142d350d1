using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Testing.Http2;

/// <summary>A server that speaks HTTP/2 frame by frame as a test scripts it, for what real servers do not do when asked.</summary>
public sealed class Http2Peer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<Http2PeerConnection> _connections = new();
    private readonly ConcurrentQueue<Task> _scripts = new();
    private readonly Task _accepting;

    /// <summary>Starts listening.</summary>
    /// <param name="script">What to do with each connection. It stays open when the script has ended, until somebody closes it or the peer is disposed.</param>
    public Http2Peer(Func<Http2PeerConnection, Task> script)
    {
        _listener.Start();
        Address = new Uri($"http://{_listener.LocalEndpoint}");
        _accepting = AcceptAsync(script);
    }

    public Uri Address { get; }

    /// <summary>Ends the scripts; one that failed fails the test.</summary>
    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }

        await Task.WhenAll(_scripts);
    }

    private async Task AcceptAsync(Func<Http2PeerConnection, Task> script)
    {
        try
        {
            while (true)
            {
                var connection = new Http2PeerConnection(await _listener.AcceptSocketAsync());
                _connections.Enqueue(connection);
                _scripts.Enqueue(RunAsync(script, connection));
            }
        }
        catch (Exception exception) when (exception is SocketException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private static async Task RunAsync(Func<Http2PeerConnection, Task> script, Http2PeerConnection connection)
    {
        try
        {
            await script(connection);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The client left, or the test is over.
        }
    }
}
