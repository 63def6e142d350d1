namespace Gateway.Api.OpenApi;

/// <summary>The API's description at <c>/openapi/v2.json</c>, and Swagger UI on it at <c>/swagger</c>.</summary>
public static class OpenApiEndpoints
{
    private const string DocumentName = "v2";
    private const string DocumentPath = $"/openapi/{DocumentName}.json";
    private const string PagePath = "/swagger";
    private static readonly TimeSpan Unchanging = TimeSpan.FromDays(1);

    /// <summary>Adds what makes the document.</summary>
    public static void AddOpenApiDocument(this IServiceCollection services)
    {
        services.AddOpenApi(DocumentName, options => options.AddDocumentTransformer<DocumentTransformer>());

        // The document is made when it is first asked for, and is the same until the process ends, whatever the query and the host are.
        services.AddOutputCache();
    }

    /// <summary>Maps the document and the page.</summary>
    public static void MapOpenApiDocument(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").CacheOutput(policy => policy.Expire(Unchanging).SetVaryByQuery("").SetVaryByHost(false));

        // On their own paths only: a middleware costs every call that passes through it.
        app.UseWhen(IsDocumentation, pages => pages.UseOutputCache().UseSwaggerUI(page =>
        {
            page.RoutePrefix = PagePath.TrimStart('/');

            // From the page's own address: a proxy may have a prefix in front of both.
            page.SwaggerEndpoint(".." + DocumentPath, "Clarifai API V2");
        }));
    }

    private static bool IsDocumentation(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/openapi", StringComparison.Ordinal) || http.Request.Path.StartsWithSegments(PagePath, StringComparison.Ordinal);
}
