namespace Gateway.Api.Tenancy;

/// <summary>Where a web page that makes a request comes from (RFC 6454), which its browser says.</summary>
public static class Origin
{
    /// <summary>Whether a page of another host makes the request. Programs other than browsers say no origin.</summary>
    public static bool IsForeign(HttpRequest request)
    {
        var origin = request.Headers.Origin;
        return origin.Count > 0
            && !(Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }
}
