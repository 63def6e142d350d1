using Gateway.Api.Errors;
using Microsoft.Extensions.Primitives;

namespace Gateway.Api.Requests;

/// <summary>
/// Answers only to the names that the setting <c>AllowedHosts</c> has, separated by semicolons; <c>*.example.com</c> is all below it. No such setting,
/// or <c>*</c>: to all. The framework's own check does as much, but knows no endpoints: probes come by an address. A change takes effect at once.
/// </summary>
public sealed class HostNames
{
    private const string Setting = "AllowedHosts";
    private const string Any = "*";

    private readonly RequestDelegate _next;
    private volatile IList<StringSegment>? _names;

    /// <summary>Reads the setting, and again whenever the configuration changes.</summary>
    public HostNames(RequestDelegate next, IConfiguration configuration)
    {
        _next = next;
        ChangeToken.OnChange(configuration.GetReloadToken, () => _names = Read(configuration));
        _names = Read(configuration);
    }

    /// <summary>Metadata of endpoints that are answered by whatever name they are asked.</summary>
    public static object Exempt { get; } = new Exemption();

    /// <summary>Lets a request go on, or refuses it.</summary>
    public Task InvokeAsync(HttpContext http) =>
        _names is { } names && !IsAmong(names, http.Request.Host) && http.GetEndpoint()?.Metadata.GetMetadata<Exemption>() is null
            ? ErrorWriter.WriteAsync(http, ApiErrors.HostUnknown)
            : _next(http);

    // HTTP/1.0 need not say whom it asks.
    private static bool IsAmong(IList<StringSegment> names, HostString host) => !host.HasValue || HostString.MatchesAny(host.Value, names);

    // Null for all.
    private static List<StringSegment>? Read(IConfiguration configuration)
    {
        var names = (configuration[Setting] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return names.Length == 0 || names.Contains(Any) ? null : [.. names.Select(name => new StringSegment(new HostString(name).ToUriComponent()))];
    }

    private sealed class Exemption;
}
