using Gateway.Api.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration.Memory;

namespace Gateway.Api.Hosting;

/// <summary>
/// An endpoint of Kestrel's beside where the host is told to listen. Kestrel listens at its endpoints or where <c>urls</c> says, never at
/// both: so unless there are endpoints already, those addresses become endpoints, too.
/// </summary>
internal static class AddedEndpoint
{
    // A list without items: for an empty one the host would look further.
    private static readonly Dictionary<string, string?> NoAddresses = new()
    {
        [WebHostDefaults.ServerUrlsKey] = ";",
        [WebHostDefaults.HttpPortsKey] = "",
        [WebHostDefaults.HttpsPortsKey] = "",
    };

    /// <summary>Adds one.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The endpoint's name in Kestrel's configuration.</param>
    /// <param name="url">Where it listens.</param>
    /// <param name="protocols">What it speaks; null for what Kestrel chooses.</param>
    /// <param name="configure">Gets the endpoint before the server listens.</param>
    public static void Add(
        WebApplicationBuilder builder, string name, string url, HttpProtocols? protocols, Action<ListenOptions> configure)
    {
        builder.Services.Configure<KestrelServerOptions>(server =>
            server.ConfigurationLoader!.Endpoint(name, endpoint => configure(endpoint.ListenOptions)));
        var addresses = ListenAddresses.HasEndpoints(builder.Configuration) ? [] : ListenAddresses.In(builder.Configuration);
        var endpoints = addresses.Index().ToDictionary(
            item => $"{ListenAddresses.Endpoints}:Url{item.Index}:Url", item => (string?)item.Item);
        endpoints[$"{ListenAddresses.Endpoints}:{name}:Url"] = url;
        endpoints[$"{ListenAddresses.Endpoints}:{name}:Protocols"] = protocols?.ToString();
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = endpoints });
        if (addresses.Length > 0)
        {
            builder.Configuration.AddInMemoryCollection(NoAddresses);
        }
    }
}
