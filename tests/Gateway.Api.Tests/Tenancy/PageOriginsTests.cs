using Gateway.Api.Configuration;
using Gateway.Api.Tenancy;
using Microsoft.AspNetCore.Http;

namespace Gateway.Api.Tests.Tenancy;

/// <summary>Which requests a browser makes for pages that are not let in (W3C Fetch Metadata; RFC 6454).</summary>
public sealed class PageOriginsTests
{
    private const string Named = "https://app.example.com";

    [Theory]
    [InlineData(null, null, false)] // no browser
    [InlineData("none", null, false)] // typed by a person
    [InlineData("same-origin", null, false)]
    [InlineData("same-origin", "https://front.example.com", false)] // behind a proxy that names the gateway otherwise
    [InlineData("same-site", null, true)]
    [InlineData("cross-site", null, true)]
    [InlineData("cross-site", "null", true)]
    [InlineData("same-site", "http://gateway.example.com:8081", true)]
    [InlineData("cross-site", Named, false)]
    [InlineData("same-site", "https://APP.example.com", false)]
    [InlineData("cross-site, same-origin", Named + "2", true)]
    [InlineData(null, Named, false)]
    [InlineData(null, "null", true)]
    [InlineData(null, "no origin", true)]
    [InlineData(null, "http://gateway.example.com", true)]
    [InlineData(null, "http://gateway.example.com:8080.evil.example", true)]
    [InlineData(null, "http://gateway.example.com:8080", false)]
    [InlineData(null, "https://gateway.example.com:8080", false)] // TLS ends before the gateway
    public void IsForeign_ByWhatTheBrowserSays(string? site, string? origin, bool foreign)
    {
        Assert.Equal(foreign, new PageOrigins(new CorsOptions { Origins = [Named] }).IsForeign(Request(site, origin)));
        Assert.False(new PageOrigins(new CorsOptions { Origins = [CorsOptions.AnyOrigin] }).IsForeign(Request(site, origin)));
    }

    private static HttpRequest Request(string? site, string? origin)
    {
        var request = new DefaultHttpContext().Request;
        request.Host = new HostString("gateway.example.com:8080");
        if (site is not null)
        {
            request.Headers["Sec-Fetch-Site"] = site;
        }

        if (origin is not null)
        {
            request.Headers.Origin = origin;
        }

        return request;
    }
}
