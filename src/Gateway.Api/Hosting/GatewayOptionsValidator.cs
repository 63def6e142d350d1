using Gateway.Api.Configuration;
using Gateway.Api.Faces.HomeAssistant;
using Gateway.Api.Stored;
using Gateway.Api.Tenancy;
using Gateway.Api.Upstream;
using Gateway.Core.Methods;

namespace Gateway.Api.Hosting;

/// <summary>Says what is wrong with a configuration that cannot work, setting by setting, never by value.</summary>
internal static class GatewayOptionsValidator
{
    /// <summary>The faults, one sentence each; empty when the gateway can run on these options.</summary>
    public static IEnumerable<string> Faults(GatewayOptions options)
    {
        foreach (var fault in UpstreamOptionsValidator.Faults(options.Upstream).Concat(TenantOptionsValidator.Faults(options.Tenants)))
        {
            yield return fault;
        }

        if (options.Grpc.Url is { Length: > 0 } url && !ListenAddresses.IsAddress(url))
        {
            yield return "Gateway:Grpc:Url is an http:// or https:// address to listen at, or empty.";
        }

        foreach (var fault in StoreOptionsValidator.Faults(options.Store)
            .Concat(AdminFaults(options.Admin))
            .Concat(TelemetryFaults(options.Telemetry, options.Admin)))
        {
            yield return fault;
        }

        foreach (var (index, origin) in options.Cors.Origins.Index())
        {
            if (origin != CorsOptions.AnyOrigin && !IsOrigin(origin))
            {
                yield return $"Gateway:Cors:Origins:{index} is an origin, as in https://app.example.com, or *.";
            }
        }

        foreach (var (index, proxy) in options.Proxies.Index())
        {
            if (!Proxies.TryParse(proxy, out _))
            {
                yield return $"Gateway:Proxies:{index} is an address or a network, as in 10.0.0.1 or 10.0.0.0/8.";
            }
        }

        foreach (var (alias, address) in options.OpenAi.Aliases)
        {
            if (string.IsNullOrWhiteSpace(alias))
            {
                yield return "Gateway:OpenAi:Aliases has an alias without a name.";
            }

            if (!ModelAddress.TryParse(address, out _))
            {
                yield return $"Gateway:OpenAi:Aliases:{alias} is https://clarifai.com/user/app/models/id, user/app/models/id or id.";
            }
        }

        foreach (var (index, host) in options.Sandbox.AllowedImageHosts.Index())
        {
            if (!IsHost(host))
            {
                yield return $"Gateway:Sandbox:AllowedImageHosts:{index} is a host name, perhaps with a port, as in localhost:9000.";
            }
        }

        foreach (var (index, key) in (options.Sandbox.Keys ?? []).Index())
        {
            if (!TokenText.CanTravel(key))
            {
                yield return $"Gateway:Sandbox:Keys:{index} is a key of letters, digits and signs of ASCII, without spaces and line "
                    + "breaks in it.";
            }
        }

        foreach (var fault in HomeAssistantOptionsValidator.Faults(options.HomeAssistant, options.Tenants))
        {
            yield return fault;
        }

        foreach (var fault in ValueRules.Faults(GatewayOptions.Section, options))
        {
            yield return fault;
        }
    }

    // Nobody may come to an admin API without a key.
    private static IEnumerable<string> AdminFaults(AdminOptions admin)
    {
        if (admin.Url.Length > 0 && !ListenAddresses.IsAddress(admin.Url))
        {
            yield return "Gateway:Admin:Url is an http:// or https:// address to listen at, or empty.";
        }

        if (string.IsNullOrEmpty(admin.KeySha256))
        {
            if (admin.Url.Length > 0)
            {
                yield return "Gateway:Admin:KeySha256 is missing: it is the hash of the key that the admin API wants, and gateway key new "
                    + "makes both.";
            }
        }
        else if (!KeyHash.TryParse(admin.KeySha256, out _))
        {
            yield return "Gateway:Admin:KeySha256 is not a SHA-256 in 64 hex digits.";
        }
    }

    private static IEnumerable<string> TelemetryFaults(TelemetryOptions telemetry, AdminOptions admin)
    {
        if (telemetry.Prometheus && admin.Url.Length == 0)
        {
            yield return "Gateway:Telemetry:Prometheus needs Gateway:Admin:Url: the metrics are served at that port.";
        }

        if (telemetry.MetricsKeySha256 is { Length: > 0 } key && !KeyHash.TryParse(key, out _))
        {
            yield return "Gateway:Telemetry:MetricsKeySha256 is not a SHA-256 in 64 hex digits.";
        }
    }

    // Scheme, host and port, and nothing behind them.
    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && uri.GetLeftPart(UriPartial.Authority).Equals(text, StringComparison.OrdinalIgnoreCase);

    // What stands between the scheme and the path of an address.
    private static bool IsHost(string text) =>
        Uri.TryCreate($"http://{text}", UriKind.Absolute, out var uri)
            && uri is { PathAndQuery: "/", Fragment: "", UserInfo: "" }
            && !text.EndsWith('/');
}
