using System.Collections.Frozen;
using Gateway.Api.Configuration;

namespace Gateway.Api.Tenancy;

/// <summary>
/// Tells requests that web pages of other origins make without leave. Only browsers say which page makes a request (RFC 6454; W3C Fetch
/// Metadata), and no page can make them say otherwise.
/// </summary>
internal sealed class PageOrigins(CorsOptions options)
{
    private const string Site = "Sec-Fetch-Site";

    private readonly bool _allowsAny = options.Origins.Contains(CorsOptions.AnyOrigin);
    private readonly FrozenSet<string> _allowed = options.Origins.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Whether a page makes the request that is neither of the gateway's own origin nor of one that the configuration lets in.
    /// </summary>
    public bool IsForeign(HttpRequest request)
    {
        var site = request.Headers[Site].ToString();
        if (_allowsAny || site is "same-origin" or "none")
        {
            return false;
        }

        var origin = request.Headers.Origin.ToString();
        if (_allowed.Contains(origin))
        {
            return false;
        }

        // Browsers say the site only where the connection is safe or local (https:// or localhost), and no origin of what they merely load.
        return site.Length > 0 || (origin.Length > 0 && !IsOwn(origin, request.Host));
    }

    // The scheme is left out: in front of the gateway, a proxy may end TLS.
    private static bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.Authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase);
}
