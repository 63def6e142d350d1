using System.Net;
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
    private const string Endpoints = "Kestrel:Endpoints";

    // A list without items: for an empty one the host would look further.
    private static readonly Dictionary<string, string?> NoAddresses = new()
    {
        [WebHostDefaults.ServerUrlsKey] = ";",
        [WebHostDefaults.HttpPortsKey] = "",
        [WebHostDefaults.HttpsPortsKey] = "",
    };

    private ListenOptions? _endpoint;

    /// <summary>Where it listens, as the server writes its addresses; null when there is no such listener. Known once the server has started.</summary>
    public string? Address => _endpoint?.ToString();

    /// <summary>
    /// Adds the listener as an endpoint of Kestrel's configuration. Kestrel listens at its endpoints or where <c>urls</c> says, never at both: so
    /// unless there are endpoints already, those addresses become endpoints, too.
    /// </summary>
    public static void AddTo(WebApplicationBuilder builder, GrpcOptions options)
    {
        if (!Array.TrueForAll(Addresses(builder.Configuration), IsAddress))
        {
            throw new InvalidOperationException("--urls (or ASPNETCORE_URLS, or ASPNETCORE_HTTP_PORTS) is addresses to listen at, as in http://localhost:8080.");
        }

        var url = options.Url;
        var listener = new GrpcListener();
        builder.Services.AddSingleton(listener);
        if (string.IsNullOrEmpty(url))
        {
            return;
        }

        builder.Services.Configure<KestrelServerOptions>(server =>
            server.ConfigurationLoader!.Endpoint(EndpointName, endpoint => listener._endpoint = endpoint.ListenOptions));
        var addresses = HasEndpoints(builder.Configuration) ? [] : Addresses(builder.Configuration);
        var endpoints = addresses.Index().ToDictionary(item => $"{Endpoints}:Url{item.Index}:Url", item => (string?)item.Item);
        endpoints[$"{Endpoints}:{EndpointName}:Url"] = url;
        endpoints[$"{Endpoints}:{EndpointName}:Protocols"] = url.StartsWith("http:", StringComparison.OrdinalIgnoreCase) ? nameof(HttpProtocols.Http2) : null;
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = endpoints });
        if (addresses.Length > 0)
        {
            builder.Configuration.AddInMemoryCollection(NoAddresses);
        }
    }

    /// <summary>Whether the server can listen at an address, as far as its text says.</summary>
    public static bool IsAddress(string url)
    {
        try
        {
            return BindingAddress.Parse(url) is { Scheme: "http" or "https", PathBase: "", Port: <= IPEndPoint.MaxPort };
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>Whether Kestrel's own configuration says where to listen.</summary>
    public static bool HasEndpoints(IConfiguration configuration) => configuration.GetSection(Endpoints).GetChildren().Any();

    /// <summary>The hosts of the addresses that the server listens at, as they are configured; <c>*</c> and <c>+</c> for all.</summary>
    public static IEnumerable<string> HostNames(IConfiguration configuration) =>
        configuration.GetSection(Endpoints).GetChildren().Select(endpoint => endpoint["Url"] ?? "").Concat(Addresses(configuration))
            .Where(IsAddress).Select(address => BindingAddress.Parse(address).Host);

    // What the host itself would make of these settings.
    private static string[] Addresses(IConfiguration configuration) => Items(configuration, WebHostDefaults.ServerUrlsKey) is { Length: > 0 } urls
        ? urls
        :
        [
            .. Items(configuration, WebHostDefaults.HttpPortsKey).Select(port => $"http://*:{port}"),
            .. Items(configuration, WebHostDefaults.HttpsPortsKey).Select(port => $"https://*:{port}"),
        ];

    private static string[] Items(IConfiguration configuration, string setting) =>
        (configuration[setting] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
