using System.Net;
using System.Net.Sockets;

namespace Gateway.Api.Tests.Support;

/// <summary>A TCP proxy in front of an upstream, which resets the connection after a number of the upstream's bytes.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly EndPoint _target;
    private readonly Task _accepting;
    private long _left = long.MaxValue;

    public CuttingProxy(Uri target)
    {
        _target = new DnsEndPoint(target.Host, target.Port);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}");

    /// <summary>Lets so many further bytes of the upstream through, and cuts at the next one.</summary>
    public void CutAfter(long bytes) => Interlocked.Exchange(ref _left, bytes);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptAsync());
            }
        }
        catch (SocketException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var upstream = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            try
            {
                await upstream.ConnectAsync(_target);
                await Task.WhenAny(CopyAsync(client, upstream, counts: false), CopyAsync(upstream, client, counts: true));
            }
            catch (SocketException)
            {
                // One of them is gone; the other goes with it.
            }

            client.LingerState = new LingerOption(enable: true, seconds: 0); // a reset, not an end
        }
    }

    private async Task CopyAsync(Socket from, Socket to, bool counts)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReceiveAsync(buffer) is > 0 and var read)
        {
            var allowed = counts ? (int)Math.Min(read, Math.Max(0, Interlocked.Read(ref _left))) : read;
            if (counts)
            {
                Interlocked.Add(ref _left, -read);
            }

            await to.SendAsync(buffer.AsMemory(0, allowed));
            if (allowed < read)
            {
                return;
            }
        }
    }
}
