using Gateway.Api.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration.Memory;

namespace Gateway.Api.Hosting;

/// <summary>
/// The listener for HTTP/2 without TLS. A cleartext port speaks either version of HTTP, and gRPC needs the second; with TLS the two share a
/// port, because the handshake (ALPN) says which it is.
/// </summary>
internal sealed class GrpcListener
{
    private const string EndpointName = "Grpc";

    // A list without items: for an empty one the host would look further.
    private static readonly Dictionary<string, string?> NoAddresses = new()
    {
        [WebHostDefaults.ServerUrlsKey] = ";",
        [WebHostDefaults.HttpPortsKey] = "",
        [WebHostDefaults.HttpsPortsKey] = "",
    };

    private ListenOptions? _endpoint;

    /// <summary>
    /// Where it listens, as the server writes its addresses; null when there is no such listener. Known once the server has started.
    /// </summary>
    public string? Address => _endpoint?.ToString();

    /// <summary>
    /// Adds the listener as an endpoint of Kestrel's configuration. Kestrel listens at its endpoints or where <c>urls</c> says, never at
    /// both: so unless there are endpoints already, those addresses become endpoints, too.
    /// </summary>
    public static void AddTo(WebApplicationBuilder builder, GrpcOptions options)
    {
        var url = options.Url;
        var listener = new GrpcListener();
        builder.Services.AddSingleton(listener);
        if (string.IsNullOrEmpty(url))
        {
            return;
        }

        builder.Services.Configure<KestrelServerOptions>(server =>
            server.ConfigurationLoader!.Endpoint(EndpointName, endpoint => listener._endpoint = endpoint.ListenOptions));
        var addresses = ListenAddresses.HasEndpoints(builder.Configuration) ? [] : ListenAddresses.In(builder.Configuration);
        var endpoints = addresses.Index().ToDictionary(
            item => $"{ListenAddresses.Endpoints}:Url{item.Index}:Url", item => (string?)item.Item);
        endpoints[$"{ListenAddresses.Endpoints}:{EndpointName}:Url"] = url;
        endpoints[$"{ListenAddresses.Endpoints}:{EndpointName}:Protocols"] = url.StartsWith("http:", StringComparison.OrdinalIgnoreCase)
            ? nameof(HttpProtocols.Http2)
            : null;
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = endpoints });
        if (addresses.Length > 0)
        {
            builder.Configuration.AddInMemoryCollection(NoAddresses);
        }
    }
}
