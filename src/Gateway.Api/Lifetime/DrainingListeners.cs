using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Lifetime;

/// <summary>
/// Listens by sockets, and when the gateway stops leaves open connections a moment between refusing new ones and closing those at rest. A
/// request that meets a connection as it closes is lost, and a proxy must not send a POST again: it cannot know whether it was done. One
/// that was refused a connection can, so by then it goes elsewhere. A connection that has a request in that moment closes after it.
/// </summary>
[SuppressMessage("Performance", "CA1812", Justification = "Made by the container.")]
internal sealed class DrainingListeners(Drain drain, IOptionsFactory<SocketTransportOptions> settings, ILoggerFactory loggers)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    // For what waits to be accepted: there may be no end to it.
    private const int MaxLooks = 100;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(1);

    // For what is on its way, and for proxies to find out; in the time that open requests have.
    private static readonly TimeSpan LastRequests = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private TaskCompletionSource? _none;
    private int _open;

    public bool CanBind(EndPoint endpoint) => Sockets(Settings()).CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        Socket? socket = null;
        var own = Settings();
        own.CreateBoundListenSocket = where => socket = SocketTransportOptions.CreateDefaultBoundListenSocket(where);
        var listener = await Sockets(own).BindAsync(endpoint, cancellationToken);
        return new Listener(this, listener, socket!);
    }

    // As the server has them, but nobody else's.
    private SocketTransportOptions Settings() => settings.Create(Options.DefaultName);

    private SocketTransportFactory Sockets(SocketTransportOptions options) => new(Options.Create(options), loggers);

    private void Add(ConnectionContext connection)
    {
        lock (_gate)
        {
            _open++;
        }

        connection.ConnectionClosed.UnsafeRegister(listeners => ((DrainingListeners)listeners!).Remove(), this);
    }

    private void Remove()
    {
        lock (_gate)
        {
            _open--;
            if (_open == 0)
            {
                _none?.TrySetResult();
            }
        }
    }

    // An endpoint is also left for another one, when its certificate changes: that is no time to wait.
    private async Task LeaveMomentAsync(CancellationToken cancellationToken)
    {
        Task none;
        lock (_gate)
        {
            if (_open == 0 || !drain.Closing.IsCancellationRequested)
            {
                return;
            }

            _none ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            none = _none.Task;
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, drain.Expired);
        over.CancelAfter(LastRequests);
        await none.WaitAsync(over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // The system resets connections that it has taken and the listener has not.
    private static async Task AcceptedAsync(Socket socket)
    {
        for (var look = 0; look < MaxLooks && socket.Poll(0, SelectMode.SelectRead); look++)
        {
            await Task.Delay(Look);
        }
    }

    private sealed class Listener(DrainingListeners listeners, IConnectionListener listener, Socket socket) : IConnectionListener
    {
        public EndPoint EndPoint => listener.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            var connection = await listener.AcceptAsync(cancellationToken);
            if (connection is not null)
            {
                listeners.Add(connection);
            }

            return connection;
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await AcceptedAsync(socket);
            await listener.UnbindAsync(cancellationToken);
            await listeners.LeaveMomentAsync(cancellationToken);
        }

        public ValueTask DisposeAsync() => listener.DisposeAsync();
    }
}
