using Gateway.Api.Pipeline;
using Gateway.Api.Streams;
using Gateway.Core.Binding;
using Gateway.Core.Schema;
using Microsoft.OpenApi;

namespace Gateway.Api.OpenApi;

/// <summary>Describes what one route takes and answers.</summary>
internal sealed class OperationBuilder(
    OpenApiDocument document, SchemaBuilder schemas, ExampleBuilder examples, ErrorResponses errors, InputLimits inputs)
{
    private const string Json = "application/json";
    private const string Lines = "application/x-ndjson";

    // JSON first: that is what clients ask for whose generator knows one type an answer.
    private static readonly string[] StreamTypes = [.. StreamFormat.MediaTypes.OrderBy(type => type != Json)];

    private static readonly string[] RawTypes = ["image/*", "audio/*", "video/*", "application/octet-stream"];

    /// <summary>How deep query parameters reach into messages; V2's own requests end at the second level.</summary>
    private const int MaxQueryDepth = 3;

    /// <summary>Describes a route.</summary>
    /// <param name="route">The route.</param>
    /// <param name="path">The path that the document has for all routes of this shape.</param>
    /// <param name="shortest">The shortest path to the same RPC.</param>
    public OpenApiOperation Build(HttpRoute route, DocumentPath path, string shortest)
    {
        var rpc = route.Binding.Rpc;
        return new OpenApiOperation
        {
            OperationId = OperationNames.Of(rpc.Name, shortest, path.Text),
            Summary = examples.SummaryOf(rpc) ?? OperationText.SummaryOf(rpc),
            Description = OperationText.DescriptionOf(route),
            Tags = new HashSet<OpenApiTagReference> { new(DocumentTags.Of(rpc), document) },
            Parameters = [.. PathParameters(path), .. QueryParameters(route.Binding)],
            RequestBody = route.Binding.HasBody ? Body(rpc) : null,
            Responses = Responses(route),
            Security = OperationText.IsOpen(rpc) ? [] : null,
        };
    }

    private IEnumerable<IOpenApiParameter> PathParameters(DocumentPath path) => path.Variables.Select(variable => new OpenApiParameter
    {
        Name = variable.Name,
        In = ParameterLocation.Path,
        Required = true,
        Schema = schemas.Of(variable.Field.Leaf),
    });

    private IEnumerable<IOpenApiParameter> QueryParameters(HttpBinding binding)
    {
        var bound = binding.Path.Segments.Select(segment => segment.Variable?.Text).ToHashSet();
        return binding.HasBody ? [] : QueryParameters(binding.Rpc.Request, "", 1).Where(parameter => !bound.Contains(parameter.Name));
    }

    private IEnumerable<OpenApiParameter> QueryParameters(MessagePlan message, string prefix, int depth)
    {
        foreach (var field in message.Fields.Where(field => field.Cardinality != FieldCardinality.Map))
        {
            var name = prefix + field.JsonName;
            if (field.Kind == FieldKind.Message && !field.IsRepeated)
            {
                foreach (var nested in depth < MaxQueryDepth ? QueryParameters(field.Message!, name + ".", depth + 1) : [])
                {
                    yield return nested;
                }
            }
            else
            {
                yield return new OpenApiParameter { Name = name, In = ParameterLocation.Query, Schema = InUrl(field) };
            }
        }
    }

    // A message in a URL is its JSON text.
    private IOpenApiSchema InUrl(FieldPlan field)
    {
        if (field.Kind is not (FieldKind.Message or FieldKind.Struct or FieldKind.Value or FieldKind.ListValue))
        {
            return schemas.Of(field);
        }

        var json = new OpenApiSchema { Type = JsonSchemaType.String, Description = "JSON text." };
        return field.IsRepeated ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = json } : json;
    }

    private OpenApiRequestBody Body(RpcPlan rpc)
    {
        var message = new OpenApiMediaType { Schema = schemas.Of(rpc.Request), Examples = examples.OfRequest(rpc) };
        var content = new Dictionary<string, OpenApiMediaType> { [rpc.Kind == RpcKind.DuplexStreaming ? Lines : Json] = message };
        if (rpc.Kind != RpcKind.DuplexStreaming && inputs.Of(rpc) is not null)
        {
            AddRawInputs(content);
        }

        return new OpenApiRequestBody { Required = true, Content = content };
    }

    private static void AddRawInputs(Dictionary<string, OpenApiMediaType> content)
    {
        content.Add("multipart/form-data", new OpenApiMediaType
        {
            Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "Any number of parts of any names, each an input: files that are images, audio, videos or texts, "
                    + "and plain texts.",

                // As a part of the whole: NSwag would have parts that stand by themselves sent with each body, JSON too.
                AllOf = [new OpenApiSchema { Type = JsonSchemaType.Object, Properties = FormParts() }],
            },
        });
        foreach (var type in RawTypes)
        {
            content.Add(type, new OpenApiMediaType { Schema = Binary("The input as it is.") });
        }
    }

    private static Dictionary<string, IOpenApiSchema> FormParts() => new()
    {
        ["file"] = Binary("An image, audio or a video."),
        ["text"] = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    private static OpenApiSchema Binary(string description) =>
        new() { Type = JsonSchemaType.String, Format = "binary", Description = description };

    private OpenApiResponses Responses(HttpRoute route)
    {
        var content = new Dictionary<string, OpenApiMediaType>();
        foreach (var rpc in new[] { route.Binding.Rpc, route.EventStream?.Rpc }.OfType<RpcPlan>())
        {
            foreach (var type in rpc.Kind == RpcKind.Unary ? [Json] : StreamTypes)
            {
                content.TryAdd(type, type == Json && rpc.Kind != RpcKind.Unary ? ListOf(rpc.Response) : Answer(rpc.Response));
            }
        }

        var responses = new OpenApiResponses
        {
            ["200"] = new OpenApiResponse { Description = "The answer; its `status` says how it went.", Content = content },
        };
        errors.AddTo(responses);
        return responses;
    }

    private OpenApiMediaType ListOf(MessagePlan message) =>
        new() { Schema = new OpenApiSchema { Type = JsonSchemaType.Array, Items = schemas.Of(message) } };

    private OpenApiMediaType Answer(MessagePlan message) =>
        new() { Schema = schemas.Of(message), Examples = examples.OfResponse(message) };
}
