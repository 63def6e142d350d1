namespace Gateway.Api.OpenApi;

/// <summary>The API's description at <c>/openapi/v2.json</c>, and Swagger UI on it at <c>/swagger</c>.</summary>
internal static class OpenApiEndpoints
{
    private const string DocumentName = "v2";
    private const string DocumentPath = $"/openapi/{DocumentName}.json";
    /// <summary>Where Swagger UI is.</summary>
    public const string PagePath = "/swagger";


    // The page's scripts are files. Its styles are partly attributes, and its icons data (CSP 3).
    private const string PagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
            + "connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Adds what makes the document.</summary>
    public static void AddOpenApiDocument(this IServiceCollection services)
    {
        services.AddOpenApi(DocumentName, options => options.AddDocumentTransformer<DocumentTransformer>());
        services.AddOutputCache();
    }

    /// <summary>Maps the document and the page.</summary>
    public static void MapOpenApiDocument(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").CacheOutput(new DocumentCache());

        // On their own paths only: a middleware costs every call that passes through it.
        app.UseWhen(IsDocumentation, pages => pages.Use(Protect).UseOutputCache().UseSwaggerUI(page =>
        {
            page.RoutePrefix = PagePath.TrimStart('/');

            // From the page's own address: a proxy may have a prefix in front of both.
            page.SwaggerEndpoint(".." + DocumentPath, "Clarifai API V2");
        }));
    }

    // Keys are typed into the page: no other site may frame it or run its own script there.
    private static Task Protect(HttpContext http, RequestDelegate next)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = PagePolicy;
        headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        return next(http);
    }

    private static bool IsDocumentation(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/openapi", StringComparison.Ordinal)
            || http.Request.Path.StartsWithSegments(PagePath, StringComparison.Ordinal);
}
