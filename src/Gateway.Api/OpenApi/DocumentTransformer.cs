using Gateway.Api.Lifetime;
using Gateway.Core.Binding;
using Gateway.Core.Schema;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gateway.Api.OpenApi;

/// <summary>
/// Fills the document from the compiled routes: what the binder reads and the walkers write is what it says. The gateway's own routes
/// describe themselves.
/// </summary>
internal sealed class DocumentTransformer(HttpRoutes routes, ApiSchema schema, EndpointDataSource endpoints) : IOpenApiDocumentTransformer
{
    private const string Key = "key";
    private const string Bearer = "bearer";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Clarifai API V2",
            Version = "12.5",
            Description = "The Clarifai API through the gateway. Fields have their proto names; camelCase is read, too. "
                + "Enums are written as numbers and read as numbers or names; 64-bit integers are strings.",
            Extensions = new Dictionary<string, IOpenApiExtension> { ["x-gateway-version"] = new JsonNodeExtension(GatewayVersion.Number) },
        };
        document.Servers = [.. document.Servers!.Select(server => new OpenApiServer { Url = PathOf(server.Url!) })];
        var schemas = new SchemaBuilder(document);
        var operations = new OperationBuilder(document, schemas, schema);
        document.Paths = Paths(operations);
        new OwnOperations(document, operations).Add(endpoints.Endpoints);
        AddSecurity(document);
        return Task.CompletedTask;
    }

    // The document's own host, by whatever scheme and name it was fetched: a proxy may have changed both. What is left is the prefix.
    private static string PathOf(string server) => new Uri(server).AbsolutePath is { Length: > 1 } path ? path.TrimEnd('/') : "/";

    // Two templates of one shape are one path in OpenAPI, whatever their variables are called.
    private OpenApiPaths Paths(OperationBuilder operations)
    {
        var paths = new OpenApiPaths();
        foreach (var sharing in routes.All.GroupBy(route => route.Binding.Path.Shape))
        {
            var path = sharing.First().Binding.Path;
            var item = new OpenApiPathItem();
            foreach (var route in sharing)
            {
                item.AddOperation(HttpMethod.Parse(route.Binding.Method), operations.Build(route, path));
            }

            paths.Add(path.Text, item);
        }

        return paths;
    }

    private static void AddSecurity(OpenApiDocument document)
    {
        document.AddComponent(Key, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = "Authorization",
            Description = "`Key <your key>`, with the scheme's name in front.",
        });
        document.AddComponent(Bearer, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" });
        document.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Key, document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] },
        ];
    }
}
