using System.Net;

namespace Gateway.Api.Configuration;

/// <summary>Where the server listens, as the host's and Kestrel's own settings have it.</summary>
internal static class ListenAddresses
{
    /// <summary>The section of Kestrel's endpoints.</summary>
    public const string Endpoints = "Kestrel:Endpoints";

    // With these, Kestrel refuses an endpoint of plain HTTP.
    private static readonly string[] OfHttps = ["SslProtocols", "ClientCertificateMode", "Sni", "Certificate:Path", "Certificate:Subject"];

    /// <summary>Whether the server can listen at an address, as far as its text says.</summary>
    public static bool IsAddress(string url)
    {
        try
        {
            return BindingAddress.Parse(url) is { Scheme: "http" or "https", PathBase: "", Port: <= IPEndPoint.MaxPort } address
                && IsHost(address);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>Whether an address, as the server writes those it listens at, is reached from this machine alone.</summary>
    public static bool IsLoopback(string url) =>
        BindingAddress.Parse(url) is var address
            && (address.IsUnixPipe
                || address.IsNamedPipe
                || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
                || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip)));

    // A port that is no number would be taken for a part of the host, and the server would listen everywhere, as it does for any name.
    private static bool IsHost(BindingAddress address) =>
        address.IsUnixPipe
        || address.IsNamedPipe
        || address.Host is "*" or "+"
        || Uri.CheckHostName(address.Host) != UriHostNameType.Unknown;

    /// <summary>Whether Kestrel's own configuration says where to listen.</summary>
    public static bool HasEndpoints(IConfiguration configuration) => configuration.GetSection(Endpoints).GetChildren().Any();

    /// <summary>What is wrong with the addresses, one sentence for each setting at which the server cannot listen.</summary>
    public static IEnumerable<string> Faults(IConfiguration configuration)
    {
        if (!Array.TrueForAll(In(configuration), IsAddress))
        {
            yield return "--urls (or ASPNETCORE_URLS, or ASPNETCORE_HTTP_PORTS) is addresses to listen at, as in http://localhost:8080.";
        }

        foreach (var endpoint in configuration.GetSection(Endpoints).GetChildren())
        {
            var url = endpoint["Url"];
            if (url is null)
            {
                yield return $"{endpoint.Path}:Url is missing.";
            }
            else if (!IsAddress(url))
            {
                yield return $"{endpoint.Path}:Url is an http:// or https:// address to listen at.";
            }
            else if (url.StartsWith("http:", StringComparison.OrdinalIgnoreCase)
                && Array.Find(OfHttps, setting => endpoint.GetSection(setting).Exists()) is { } unused)
            {
                yield return $"{endpoint.Path}:{unused} is for an https:// address, which {endpoint.Path}:Url is not.";
            }
        }
    }

    /// <summary>The hosts of the addresses that the server listens at, as they are configured; <c>*</c> and <c>+</c> for all.</summary>
    public static IEnumerable<string> HostNames(IConfiguration configuration) =>
        configuration.GetSection(Endpoints).GetChildren().Select(endpoint => endpoint["Url"] ?? "").Concat(In(configuration))
            .Where(IsAddress).Select(address => BindingAddress.Parse(address).Host);

    /// <summary>The addresses, apart from endpoints: what the host itself would make of these settings.</summary>
    public static string[] In(IConfiguration configuration) => Items(configuration, WebHostDefaults.ServerUrlsKey) is { Length: > 0 } urls
        ? urls
        :
        [
            .. Items(configuration, WebHostDefaults.HttpPortsKey).Select(port => $"http://*:{port}"),
            .. Items(configuration, WebHostDefaults.HttpsPortsKey).Select(port => $"https://*:{port}"),
        ];

    private static string[] Items(IConfiguration configuration, string setting) =>
        (configuration[setting] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
