using System.Net;
using System.Net.Mime;
using System.Text;
using Gateway.Api.Http;
using Gateway.Api.Lifetime;
using Gateway.Api.Upstream;
using Microsoft.Net.Http.Headers;

namespace Gateway.Api.Hosting;

/// <summary>A page at <c>/</c> for people who open the gateway's address in a browser. Programs get what unknown paths get.</summary>
internal static class StartPage
{
    // Of its own it has one style sheet, and nothing else is loaded (CSP 3).
    private const string Policy =
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly Lazy<string> Template = new(Read);

    /// <summary>Maps it.</summary>
    public static void MapStartPage(this IEndpointRouteBuilder endpoints)
    {
        var upstream = endpoints.ServiceProvider.GetRequiredService<UpstreamHealth>();
        endpoints.Map("/", http => ServeAsync(http, upstream)).ExcludeFromDescription();
    }

    private static async Task ServeAsync(HttpContext http, UpstreamHealth upstream)
    {
        var headers = http.Response.Headers;
        headers.Vary = HeaderNames.Accept;
        if (!WantsPage(http.Request))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var health = await upstream.CheckAsync(http.RequestAborted);
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        http.Response.ContentType = $"{MediaTypeNames.Text.Html}; charset=utf-8";
        var page = Template.Value
            .Replace("{{version}}", GatewayVersion.Number, StringComparison.Ordinal)
            .Replace("{{state}}", WebUtility.HtmlEncode(health.Description), StringComparison.Ordinal);
        Encoding.UTF8.GetBytes(page, http.Response.BodyWriter);
        await ResponseFlow.FlushAsync(http, http.RequestAborted);
    }

    private static bool WantsPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.GetTypedHeaders().Accept.Any(type => type.MediaType == MediaTypeNames.Text.Html);

    private static string Read()
    {
        using var page = typeof(StartPage).Assembly.GetManifestResourceStream(typeof(StartPage), "StartPage.html")!;
        using var text = new StreamReader(page);
        return text.ReadToEnd();
    }
}
