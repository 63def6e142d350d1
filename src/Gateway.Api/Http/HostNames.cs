using System.Collections.Frozen;
using System.Net;
using Gateway.Api.Configuration;
using Gateway.Api.Errors;
using Gateway.Api.Tenancy;
using Microsoft.Extensions.Primitives;

namespace Gateway.Api.Http;

/// <summary>
/// Answers only to the names that the setting <c>AllowedHosts</c> has, separated by semicolons; <c>*.example.com</c> is all below it, and
/// <c>*</c> all. Without the setting: to all, unless a tenant needs no key. A page can have its own name lead to this machine (DNS
/// rebinding), and is then of the gateway's own origin to a browser; so such a gateway answers only to names that nobody else can have:
/// those of the loopback, addresses, and the names it listens at. The framework's own check knows neither endpoints, where probes come by
/// an address, nor tenants. A change takes effect at once, unless it cannot be used.
/// </summary>
internal sealed class HostNames
{
    private const string Loopback = "localhost";

    private readonly RequestDelegate _next;
    private readonly TenantDirectory _tenants;
    private volatile Names _names;

    /// <summary>Reads the setting, and again whenever the configuration changes.</summary>
    public HostNames(RequestDelegate next, TenantDirectory tenants, IConfiguration configuration)
    {
        _next = next;
        _tenants = tenants;
        ChangeToken.OnChange(configuration.GetReloadToken, () => Follow(configuration));
        _names = Read(configuration);
    }

    /// <summary>Metadata of endpoints that are answered by whatever name they are asked.</summary>
    public static object Exempt { get; } = new Exemption();

    /// <summary>Lets a request go on, or refuses it.</summary>
    public Task InvokeAsync(HttpContext http) =>
        Refusal(http.Request.Host) is { } refusal && http.GetEndpoint()?.Metadata.GetMetadata<Exemption>() is null
            ? ErrorWriter.WriteAsync(http, refusal)
            : _next(http);

    private ApiError? Refusal(HostString host)
    {
        var names = _names;
        if (!host.HasValue || names.IncludeAny)
        {
            return null; // HTTP/1.0 need not say whom it asks
        }

        if (names.Configured.Count > 0)
        {
            return HostString.MatchesAny(host.Value, names.Configured) ? null : ApiErrors.HostUnknown;
        }

        return _tenants.Current.Default is not null && !IsOwn(host.Host, names.Own) ? ApiErrors.HostNotOwn : null;
    }

    // RFC 6761, 6.3: whatever ends in `localhost` is this machine. A dot at the end is part of no name.
    private static bool IsOwn(string host, FrozenSet<string> own)
    {
        var name = host.EndsWith('.') ? host[..^1] : host;
        return name.Equals(Loopback, StringComparison.OrdinalIgnoreCase)
            || name.EndsWith($".{Loopback}", StringComparison.OrdinalIgnoreCase)
            || own.Contains(name)
            || IPAddress.TryParse(name, out _);
    }

    // What cannot be used is told where all faults are.
    private void Follow(IConfiguration configuration)
    {
        if (!AllowedHostNames.Faults(configuration).Any())
        {
            _names = Read(configuration);
        }
    }

    private static Names Read(IConfiguration configuration)
    {
        var names = AllowedHostNames.In(configuration);
        return new Names(
            names.Contains(AllowedHostNames.Any),
            [.. names.Select(name => new StringSegment(HostString.FromUriComponent(name).Value))], // in Unicode, as a request's is
            ListenAddresses.HostNames(configuration).ToFrozenSet(StringComparer.OrdinalIgnoreCase));
    }

    private sealed record Names(bool IncludeAny, IList<StringSegment> Configured, FrozenSet<string> Own);

    private sealed class Exemption;
}
