using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gateway.Api.OpenApi;

/// <summary>
/// The API's description at <c>/openapi/v2.json</c> (OpenAPI 3.1) and <c>/openapi/v2-3.0.json</c> (3.0, for tools that need it), each
/// group of operations by itself, as at <c>/openapi/outputs.json</c>, and Swagger UI at <c>/swagger</c>.
/// </summary>
internal static class OpenApiEndpoints
{
    /// <summary>Where Swagger UI is.</summary>
    public const string PagePath = SwaggerPage.Path;

    private const string DocumentPath = "/openapi/v2.json";
    private const string OlderPath = "/openapi/v2-3.0.json";

    /// <summary>Adds what makes the document.</summary>
    public static void AddOpenApiDocument(this IServiceCollection services) =>
        services.AddOpenApi(ApiDocument.Name, options => options.AddDocumentTransformer<ApiDocument>());

    /// <summary>Maps the document and the page.</summary>
    public static void MapOpenApiDocument(this WebApplication app)
    {
        var document = app.MapDocument(DocumentPath, OpenApiSpecVersion.OpenApi3_1);
        foreach (var tag in DocumentTags.All())
        {
            app.MapGet($"/openapi/{tag.Name}.json", document.Group(tag.Name!).ServeAsync).ExcludeFromDescription();
        }

        app.MapDocument(OlderPath, OpenApiSpecVersion.OpenApi3_0);
        app.UseSwaggerPage(OlderPath);
    }

    private static ServedDocument MapDocument(this WebApplication app, string path, OpenApiSpecVersion version)
    {
        var document = new ServedDocument(app.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(ApiDocument.Name), version);
        app.MapGet(path, document.ServeAsync).ExcludeFromDescription();
        return document;
    }
}
