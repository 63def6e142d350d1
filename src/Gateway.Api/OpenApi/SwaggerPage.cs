using Swashbuckle.AspNetCore.SwaggerUI;

namespace Gateway.Api.OpenApi;

/// <summary>Swagger UI at <c>/swagger</c>: the API to read and to try.</summary>
internal static class SwaggerPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/swagger";

    private const string Script = "lazy-schemas.js";

    // The page's scripts are files. Its styles are partly attributes, and its icons data (CSP 3).
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
            + "connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Serves the page.</summary>
    /// <param name="document">The path of what it shows.</param>
    public static void UseSwaggerPage(this WebApplication app, string document)
    {
        app.MapGet($"{Path}/{Script}", ServeScript).ExcludeFromDescription();

        // On their own paths only: a middleware costs every call that passes through it.
        app.UseWhen(IsDocumentation, pages => pages.Use(Protect).UseSwaggerUI(page => Configure(page, document)));
    }

    private static void Configure(SwaggerUIOptions page, string document)
    {
        page.RoutePrefix = Path.TrimStart('/');
        page.DocumentTitle = "Clarifai gateway";

        // From the page's own address: a proxy may have a prefix in front of both.
        page.SwaggerEndpoint(".." + document, "Clarifai API V2");
        page.DocExpansion(DocExpansion.None);
        page.EnableFilter();
        page.DefaultModelsExpandDepth(-1);
        page.DisplayOperationId();
        page.DisplayRequestDuration();
        page.InjectJavascript($"./{Script}");
    }

    private static Task ServeScript(HttpContext http)
    {
        var script = typeof(SwaggerPage).Assembly.GetManifestResourceStream("Gateway.Api.OpenApi.SwaggerPage.js")!;
        return Results.Stream(script, "text/javascript").ExecuteAsync(http);
    }

    // Keys are typed into the page: no other site may frame it or run its own script there.
    private static Task Protect(HttpContext http, RequestDelegate next)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        return next(http);
    }

    private static bool IsDocumentation(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/openapi", StringComparison.Ordinal)
            || http.Request.Path.StartsWithSegments(Path, StringComparison.Ordinal);
}
