using System.Text.RegularExpressions;
using Microsoft.OpenApi;

namespace Gateway.Api.OpenApi;

/// <summary>
/// Adds the routes that describe themselves as an <see cref="OwnOperation"/>, with what the faces' own files, each a document of OpenAPI,
/// say of them.
/// </summary>
/// <param name="document">The document.</param>
/// <param name="errors">What failures look like where a face does not say.</param>
internal sealed partial class OwnOperations(OpenApiDocument document, ErrorResponses errors)
{
    private const string FileEnding = ".OpenApi.json";

    /// <summary>Adds those among some endpoints.</summary>
    public void Add(IEnumerable<Endpoint> endpoints)
    {
        var described = Files().SelectMany(Import).ToDictionary(operation => operation.OperationId!);
        var own = endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => (Endpoint: endpoint, Operation: endpoint.Metadata.GetMetadata<OwnOperation>()))
            .Where(one => one.Operation is not null);
        foreach (var sharing in own.GroupBy(one => one.Operation!.Name))
        {
            var ordered = OperationNames.ShortestFirst(sharing, one => PathOf(one.Endpoint)).ToList();
            var shortest = PathOf(ordered[0].Endpoint);
            foreach (var (endpoint, operation) in ordered)
            {
                var path = PathOf(endpoint);
                ItemAt(path).AddOperation(
                    HttpMethod.Parse(endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods[0]),
                    Build(endpoint, operation!, OperationNames.Of(operation!.Name, shortest, path), described[operation.Name]));
            }
        }
    }

    private static IEnumerable<OpenApiDocument> Files()
    {
        var assembly = typeof(OwnOperations).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(FileEnding, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return OpenApiDocument.Parse(reader.ReadToEnd(), "json").Document!;
        }
    }

    private IEnumerable<OpenApiOperation> Import(OpenApiDocument file)
    {
        foreach (var (name, schema) in file.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>())
        {
            document.AddComponent(name, schema);
        }

        foreach (var (name, response) in file.Components?.Responses ?? new Dictionary<string, IOpenApiResponse>())
        {
            document.AddComponent(name, response);
        }

        return file.Paths.SelectMany(path => path.Value.Operations!.Values);
    }

    private OpenApiPathItem ItemAt(string path)
    {
        if (!document.Paths.TryGetValue(path, out var item))
        {
            document.Paths.Add(path, item = new OpenApiPathItem());
        }

        return (OpenApiPathItem)item;
    }

    private OpenApiOperation Build(RouteEndpoint endpoint, OwnOperation operation, string id, OpenApiOperation described)
    {
        var built = new OpenApiOperation(described)
        {
            OperationId = id,
            Summary = operation.Summary,
            Tags = new HashSet<OpenApiTagReference> { new(operation.Tag, document) },
            Parameters = [.. endpoint.RoutePattern.Parameters.Select(parameter => InPath(parameter.Name)), .. described.Parameters ?? []],
        };
        errors.AddTo(built.Responses!);
        return built;
    }

    private static OpenApiParameter InPath(string name) => new()
    {
        Name = name,
        In = ParameterLocation.Path,
        Required = true,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    private static string PathOf(RouteEndpoint endpoint) => CatchAll().Replace(endpoint.RoutePattern.RawText!, "{");

    [GeneratedRegex(@"\{\*+")]
    private static partial Regex CatchAll();
}
