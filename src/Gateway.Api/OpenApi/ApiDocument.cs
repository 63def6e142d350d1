using Gateway.Api.Lifetime;
using Gateway.Api.Pipeline;
using Gateway.Core.Binding;
using Gateway.Core.Schema;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gateway.Api.OpenApi;

/// <summary>
/// Fills the document from the compiled routes: what the binder reads and the walkers write is what it says. The gateway's own routes
/// describe themselves.
/// </summary>
internal sealed class ApiDocument(HttpRoutes routes, ApiSchema schema, InputLimits inputs, EndpointDataSource endpoints)
    : IOpenApiDocumentTransformer
{
    /// <summary>The document's name.</summary>
    public const string Name = "v2";

    // From the document's own address, whatever the host, and whatever prefix a proxy has in front (OpenAPI 3.1, 4.8.5).
    private const string Server = "..";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = Info();
        document.Servers = [new OpenApiServer { Url = Server }];
        document.Tags = DocumentTags.All();
        document.Paths = [];
        DocumentSecurity.AddTo(document);
        var schemas = new SchemaBuilder(document);
        var errors = new ErrorResponses(document, schemas.Of(schema.Message("clarifai.api.status.BaseResponse")));
        AddRoutes(document, new OperationBuilder(document, schemas, new ExampleBuilder(document), errors, inputs));
        new OwnOperations(document, errors).Add(endpoints.Endpoints);
        return Task.CompletedTask;
    }

    private static OpenApiInfo Info() => new()
    {
        Title = "Clarifai API V2",
        Version = "12.5",
        Description = "The Clarifai API through the gateway. Fields have their proto names; camelCase is read, too. "
            + "Enums are written as numbers and read as numbers or names; 64-bit integers are strings.",
        Extensions = new Dictionary<string, IOpenApiExtension>
        {
            ["x-gateway-version"] = new JsonNodeExtension(GatewayVersion.Number),
        },
    };

    // Two templates of one shape are one path in OpenAPI, whatever their variables are called.
    private void AddRoutes(OpenApiDocument document, OperationBuilder operations)
    {
        var described = routes.All.GroupBy(route => route.Binding.Path.Shape)
            .SelectMany(sharing => sharing.Select(route => (Route: route, Path: new DocumentPath(sharing.First().Binding.Path)))).ToList();
        foreach (var same in described.GroupBy(one => one.Route.Binding.Rpc))
        {
            var ordered = OperationNames.ShortestFirst(same, one => one.Path.Text).ToList();
            foreach (var (route, path) in ordered)
            {
                ItemAt(document, path.Text).AddOperation(
                    HttpMethod.Parse(route.Binding.Method), operations.Build(route, path, ordered[0].Path.Text));
            }
        }
    }

    private static OpenApiPathItem ItemAt(OpenApiDocument document, string path)
    {
        if (!document.Paths.TryGetValue(path, out var item))
        {
            document.Paths.Add(path, item = new OpenApiPathItem());
        }

        return (OpenApiPathItem)item;
    }
}
