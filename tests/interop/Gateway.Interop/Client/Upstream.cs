using System.Net.Security;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Gateway.Interop.Client;

/// <summary>The gateway's way to its upstream, whole and with its own settings, compiled for another service than the API.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private readonly ApiSchema _schema;
    private readonly ServiceProvider _services;

    /// <summary>Makes one; nothing is connected yet.</summary>
    /// <param name="service">What is called.</param>
    /// <param name="address">Where.</param>
    /// <param name="tls">Makes what TLS needs, if the address is one of TLS.</param>
    public Upstream(ServiceDescriptor service, Uri address, Func<SslClientAuthenticationOptions> tls)
    {
        _schema = ApiSchema.Compile(service, JsonDialect.ProtoJson);
        var services = new ServiceCollection();
        services.AddSingleton(_schema);
        services.AddUpstreamChannels(_ => new ChannelOptions { Tls = tls });
        _services = services.BuildServiceProvider();
        var options = new UpstreamClusterOptions { Groups = [[address]] };
        Client = new ClarifaiClientFactory(new UpstreamCluster(options, _services.GetRequiredService<UpstreamChannels>(), NullLogger.Instance)).Create(null);
    }

    /// <summary>Makes the calls.</summary>
    public ClarifaiClient Client { get; }

    /// <summary>A method of the service.</summary>
    public RpcPlan this[string name] => _schema.Rpc(name);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
