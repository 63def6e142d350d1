using System.Collections.Concurrent;
using Gateway.Grpc;

namespace Gateway.Core.Upstream;

/// <summary>The gRPC channels of the process, one per upstream address, shared by all tenants. Thread-safe.</summary>
/// <param name="options">What every channel is made with.</param>
public sealed class ChannelPool(GrpcChannelOptions options) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Uri, Lazy<GrpcChannel>> _channels = new();

    /// <summary>The channel to an address, made when first asked for. The pool owns it.</summary>
    public GrpcChannel Get(Uri address) =>
        _channels.GetOrAdd(address, key => new Lazy<GrpcChannel>(() => new GrpcChannel(key, options))).Value;

    /// <summary>Closes every channel; calls still open end as cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels.Values.Where(channel => channel.IsValueCreated))
        {
            await channel.Value.DisposeAsync();
        }
    }
}
