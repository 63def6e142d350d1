using System.Net;
using Gateway.Api.Configuration;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace Gateway.Api.Hosting;

/// <summary>
/// Believes what proxies say of their clients (<c>X-Forwarded-For</c>, <c>-Proto</c>, <c>-Host</c>, <c>-Prefix</c>), where the
/// configuration names them.
/// </summary>
internal static class Proxies
{
    /// <summary>Reads a setting: an address is the network of itself.</summary>
    public static bool TryParse(string text, out IPNetwork network)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        return IPNetwork.TryParse(text, out network);
    }

    /// <summary>Refuses the framework's own setting, which believes everybody: the fault, when it is set.</summary>
    public static IEnumerable<string> Faults(IConfiguration configuration) =>
        bool.TryParse(configuration["ForwardedHeaders_Enabled"], out var enabled) && enabled
        ?
        [
            "ASPNETCORE_FORWARDEDHEADERS_ENABLED has X-Forwarded-* of everybody believed: leave it out, and name the proxies in "
                + "Gateway:Proxies.",
        ]
        : [];

    /// <summary>Has requests seem to come as their clients sent them; as they are, when no proxy is configured.</summary>
    public static void UseProxies(this IApplicationBuilder app)
    {
        var proxies = app.ApplicationServices.GetRequiredService<IOptions<GatewayOptions>>().Value.Proxies;
        if (proxies.Count == 0)
        {
            return;
        }

        // Any number in a row: the first that is none of the configured ends it.
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            _ = TryParse(proxy, out var network); // validated
            options.KnownIPNetworks.Add(network);
        }

        app.UseForwardedHeaders(options);
    }
}
