using System.Collections.Concurrent;
using Clarifai.Api;
using Gateway.Core.Schema;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Telemetry;
using Grpc.Net.ClientFactory;

namespace Gateway.Core.Upstream.Connections;

/// <summary>The channels of the process, one per upstream address, shared by all tenants. Thread-safe.</summary>
/// <param name="clients">Makes the clients, and keeps their gRPC channels for the life of the process.</param>
/// <param name="schema">The compiled API.</param>
/// <param name="options">What every channel is made with.</param>
/// <param name="telemetry">What is measured of calls.</param>
public sealed class UpstreamChannels(
    GrpcClientFactory clients, ApiSchema schema, ChannelOptions options, UpstreamTelemetry telemetry)
{
    private readonly UpstreamMethods _methods = new(schema);
    private readonly ConcurrentDictionary<Uri, Lazy<UpstreamChannel>> _channels = new();

    /// <summary>The channel to an address, made when first asked for; nothing is connected yet.</summary>
    /// <param name="address"><c>http://</c> for cleartext HTTP/2 with prior knowledge, <c>https://</c> for TLS; no path.</param>
    /// <exception cref="ArgumentException">The address is neither, or has a path.</exception>
    internal UpstreamChannel Get(Uri address) => _channels.GetOrAdd(address, key => new Lazy<UpstreamChannel>(() => Create(key))).Value;

    // Streams may last for hours: on connections of their own they neither take the unary calls' places nor keep their connections old.
    private UpstreamChannel Create(Uri address)
    {
        if (!address.IsAbsoluteUri
            || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
            || address.PathAndQuery != "/")
        {
            throw new ArgumentException("must be http://host:port or https://host:port, without a path", nameof(address));
        }

        var unary = ChannelName.Unary(address);
        return new UpstreamChannel(
            address,
            _methods,
            clients.CreateClient<PayloadClient>(unary),
            clients.CreateClient<PayloadClient>(ChannelName.Streams(address)),
            clients.CreateClient<V2.V2Client>(unary),
            options,
            telemetry);
    }
}
