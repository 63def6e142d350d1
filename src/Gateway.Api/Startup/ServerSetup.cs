using Gateway.Api.Configuration;
using Gateway.Api.Tenancy;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Startup;

/// <summary>Kestrel as the gateway wants it.</summary>
public static class ServerSetup
{
    private const string DefaultUrl = "http://localhost:8080";

    /// <summary>Sets the default address and the body limit.</summary>
    public static void AddGatewayServer(this WebApplicationBuilder builder)
    {
        if (builder.Configuration["urls"] is null && builder.Configuration["http_ports"] is null && builder.Configuration["https_ports"] is null)
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<GatewayOptions>>((server, gateway) =>
        {
            server.AddServerHeader = false;
            ConnectionIdentity.AddTo(server);
            server.Limits.MaxRequestBodySize = gateway.Value.Limits.MaxBodyBytes;
        });
    }
}
