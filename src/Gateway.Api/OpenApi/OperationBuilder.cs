using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Api.Streams;
using Gateway.Core.Binding;
using Gateway.Core.Schema;
using Microsoft.OpenApi;

namespace Gateway.Api.OpenApi;

/// <summary>Describes what one route takes and answers.</summary>
internal sealed partial class OperationBuilder(OpenApiDocument document, SchemaBuilder schemas, ApiSchema api)
{
    private const string Json = "application/json";
    private const string Lines = "application/x-ndjson";

    private const string TwoWay =
        "Streams both ways. The body holds request messages, JSON values one after another; answers come as they are made, over "
            + "HTTP/2 while the request "
        + "is still being sent, over HTTP/1.1 after it. GET with a WebSocket's handshake opens one at the same path: a message each "
            + "way is a text message, "
        + "and an empty one ends the request.";

    /// <summary>How deep query parameters reach into messages; V2's own requests end at the second level.</summary>
    private const int MaxQueryDepth = 3;

    private readonly Dictionary<string, int> _uses = [];

    /// <summary>Describes a route.</summary>
    /// <param name="route">The route.</param>
    /// <param name="path">The template whose variable names the document uses for all routes of this shape.</param>
    public OpenApiOperation Build(HttpRoute route, PathTemplate path)
    {
        var rpc = route.Binding.Rpc;
        var operation = new OpenApiOperation
        {
            OperationId = UniqueId(rpc.Name),
            Summary = WordBoundary().Replace(rpc.Name, " "),
            Description = rpc.Kind == RpcKind.DuplexStreaming ? TwoWay : null,
            Tags = new HashSet<OpenApiTagReference> { Tag(System.IO.Path.GetFileNameWithoutExtension(rpc.Request.Descriptor.File.Name)) },
            Parameters = [.. PathParameters(path), .. QueryParameters(route.Binding)],
            RequestBody = route.Binding.HasBody ? Body(rpc) : null,
            Responses = Responses(route),
        };
        return operation;
    }

    /// <summary>The name of a generated client method: an operation's own for its first route, numbered for the others.</summary>
    public string UniqueId(string name)
    {
        var use = _uses[name] = _uses.GetValueOrDefault(name) + 1;
        return use == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}_{use}");
    }

    /// <summary>A group of operations, added to the document once.</summary>
    public OpenApiTagReference Tag(string name)
    {
        document.Tags ??= new HashSet<OpenApiTag>();
        if (!document.Tags.Any(tag => tag.Name == name))
        {
            document.Tags.Add(new OpenApiTag { Name = name });
        }

        return new OpenApiTagReference(name, document);
    }

    private IEnumerable<IOpenApiParameter> PathParameters(PathTemplate path) =>
        path.Segments.Where(segment => segment.Variable is not null).Select(segment => new OpenApiParameter
        {
            Name = segment.Variable!.Text,
            In = ParameterLocation.Path,
            Required = true,
            Schema = schemas.Of(segment.Variable.Leaf),
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

    private OpenApiRequestBody Body(RpcPlan rpc) => new()
    {
        Content = new Dictionary<string, OpenApiMediaType> { [rpc.Kind == RpcKind.DuplexStreaming ? Lines : Json] = Media(rpc.Request) },
    };

    private OpenApiResponses Responses(HttpRoute route)
    {
        var content = new Dictionary<string, OpenApiMediaType>();
        foreach (var rpc in new[] { route.Binding.Rpc, route.EventStream?.Rpc }.OfType<RpcPlan>())
        {
            foreach (var type in rpc.Kind == RpcKind.Unary ? [Json] : StreamFormat.MediaTypes)
            {
                content.TryAdd(type, type == Json && rpc.Kind != RpcKind.Unary ? ListOf(rpc.Response) : Media(rpc.Response));
            }
        }

        return new OpenApiResponses
        {
            ["200"] =
                new OpenApiResponse
                {
                    Description = "The answer; its `status` says how it went. Of a stream, each event's data, line "
                    + "or element is one, but for the last.",
                    Content = content
                },
            ["default"] = new OpenApiResponse
            {
                Description = "Any failure.",
                Content =
                    new Dictionary<string, OpenApiMediaType> { [Json] = Media(api.Message("clarifai.api.status.BaseResponse")) },
            },
        };
    }

    private OpenApiMediaType ListOf(MessagePlan message) =>
        new() { Schema = new OpenApiSchema { Type = JsonSchemaType.Array, Items = schemas.Of(message) } };

    private OpenApiMediaType Media(MessagePlan message) => new() { Schema = schemas.Of(message) };

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex WordBoundary();
}
