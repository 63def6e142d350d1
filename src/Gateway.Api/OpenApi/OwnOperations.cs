using System.Text.RegularExpressions;
using Microsoft.OpenApi;

namespace Gateway.Api.OpenApi;

/// <summary>Adds the routes that describe themselves as an <see cref="OwnOperation"/>.</summary>
/// <param name="document">The document.</param>
/// <param name="builder">Names and groups operations.</param>
internal sealed partial class OwnOperations(OpenApiDocument document, OperationBuilder builder)
{
    /// <summary>Adds those among some endpoints.</summary>
    public void Add(IEnumerable<Endpoint> endpoints)
    {
        foreach (var endpoint in endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<OwnOperation>() is { } operation)
            {
                Add(endpoint, operation);
            }
        }
    }

    private void Add(RouteEndpoint endpoint, OwnOperation operation)
    {
        var path = CatchAll().Replace(endpoint.RoutePattern.RawText!, "{");
        if (!document.Paths.TryGetValue(path, out var item))
        {
            document.Paths.Add(path, item = new OpenApiPathItem());
        }

        var verb = endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods[0];
        ((OpenApiPathItem)item).AddOperation(HttpMethod.Parse(verb), Build(endpoint, operation));
    }

    private OpenApiOperation Build(RouteEndpoint endpoint, OwnOperation operation) => new()
    {
        OperationId = builder.UniqueId(operation.Name),
        Summary = operation.Summary,
        Tags = new HashSet<OpenApiTagReference> { builder.Tag(operation.Tag) },
        Parameters =
        [
            .. endpoint.RoutePattern.Parameters.Select(parameter => new OpenApiParameter
            {
                Name = parameter.Name,
                In = ParameterLocation.Path,
                Required = true,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            }),
        ],
        RequestBody = operation.Takes.Count == 0 ? null : new OpenApiRequestBody { Content = Content(operation.Takes) },
        Responses =
            new OpenApiResponses { ["200"] = new OpenApiResponse { Description = "The answer.", Content = Content(operation.Answers) } },
    };

    // What is inside, the model's signatures or the face's own documentation tell.
    private static Dictionary<string, OpenApiMediaType> Content(IEnumerable<string> types) =>
        types.ToDictionary(type => type, _ => new OpenApiMediaType());

    [GeneratedRegex(@"\{\*+")]
    private static partial Regex CatchAll();
}
