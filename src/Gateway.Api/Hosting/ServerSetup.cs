using Gateway.Api.Configuration;
using Gateway.Api.Tenancy;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Api.Hosting;

/// <summary>Kestrel as the gateway wants it.</summary>
internal static class ServerSetup
{
    private const string DefaultUrl = "http://localhost:8080";

    // A client of gRPC opens one connection and then waits, unseen, for a free stream on it: Kestrel's 100 are few where streams last.
    private const int MaxStreamsPerConnection = 1000;

    // For a body to begin: Kestrel's own.
    private static readonly TimeSpan BodyGrace = TimeSpan.FromSeconds(5);

    // A client that went away without a word, its network cut, is found out by a ping; only HTTP/2 has one.
    private static readonly TimeSpan KeepAlivePingDelay = TimeSpan.FromSeconds(30);

    /// <summary>Says where to listen, and sets the limits.</summary>
    /// <exception cref="InvalidOperationException">The server cannot listen there, or would believe every proxy.</exception>
    public static void AddGatewayServer(this WebApplicationBuilder builder, GatewayOptions settings)
    {
        var configuration = builder.Configuration;
        if (configuration["urls"] is null
            && configuration["http_ports"] is null
            && configuration["https_ports"] is null
            && !ListenAddresses.HasEndpoints(configuration))
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        if (Proxies.Faults(configuration).Concat(ListenAddresses.Faults(configuration)).FirstOrDefault() is { } fault)
        {
            throw new InvalidOperationException(fault);
        }

        // The slim builder's server has none until it is asked for.
        builder.WebHost.UseKestrelHttpsConfiguration();
        GrpcListener.AddTo(builder, settings.Grpc);
        AdminListener.AddTo(builder, settings.Admin);
        builder.Services.AddSingleton<Descriptors>();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<Descriptors>((server, descriptors) =>
        {
            server.AddServerHeader = false;
            server.ConfigureEndpointDefaults(connections =>
            {
                descriptors.GuardAt(connections);
                ConnectionIdentity.AddTo(connections);
            });
            server.Limits.Http2.MaxStreamsPerConnection = MaxStreamsPerConnection;
            server.Limits.Http2.KeepAlivePingDelay = KeepAlivePingDelay;
            var limits = settings.Limits;
            server.Limits.MaxRequestBodySize = limits.MaxBodyBytes;
            server.Limits.MaxConcurrentConnections = limits.MaxConnections;
            server.Limits.KeepAliveTimeout = limits.IdleConnectionTimeout;
            server.Limits.MinRequestBodyDataRate = new MinDataRate(limits.MinBodyBytesPerSecond, BodyGrace);
        });
    }
}
