using System.Net;
using System.Net.Mime;
using System.Text;
using Gateway.Api.Http;
using Gateway.Api.Lifetime;
using Gateway.Api.Upstream;

namespace Gateway.Api.WebConsole;

/// <summary>A plain page in place of the console, where there is none: what this is, and whether it works.</summary>
internal static class StartPage
{
    // Of its own it has one style sheet, and nothing else is loaded (CSP 3).
    private const string Policy =
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly Lazy<string> Template = new(Read);

    /// <summary>Answers a request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="why">Why there is no console, as a sentence.</param>
    public static async Task ServeAsync(HttpContext http, string why)
    {
        var health = await http.RequestServices.GetRequiredService<UpstreamHealth>().CheckAsync(http.RequestAborted);
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        http.Response.ContentType = $"{MediaTypeNames.Text.Html}; charset=utf-8";
        var page = Template.Value
            .Replace("{{version}}", GatewayVersion.Number, StringComparison.Ordinal)
            .Replace("{{console}}", WebUtility.HtmlEncode(why), StringComparison.Ordinal)
            .Replace("{{state}}", WebUtility.HtmlEncode(health.Description), StringComparison.Ordinal);
        Encoding.UTF8.GetBytes(page, http.Response.BodyWriter);
        await ResponseFlow.FlushAsync(http, http.RequestAborted);
    }

    private static string Read()
    {
        using var page = typeof(StartPage).Assembly.GetManifestResourceStream(typeof(StartPage), "StartPage.html")!;
        using var text = new StreamReader(page);
        return text.ReadToEnd();
    }
}
