using System.Text.Json.Nodes;
using Gateway.Core.Schema;
using Google.Protobuf.Reflection;
using Microsoft.OpenApi;

namespace Gateway.Api.OpenApi;

/// <summary>Makes JSON schemas of plans. A message or an enum becomes a component of the document when it is first referred to.</summary>
internal sealed class SchemaBuilder(OpenApiDocument document)
{
    // Seconds, as in 1.5s; the format of the name is another (ISO 8601).
    private const string Duration = @"^-?[0-9]+(\.[0-9]{1,9})?s$";

    // What generators look for the names of numbers in: OpenAPI Generator, hey-api and others; NSwag.
    private static readonly string[] NameExtensions = ["x-enum-varnames", "x-enumNames"];

    private readonly HashSet<string> _known = [];

    /// <summary>The schema of a field's value: a list, a map or a single one.</summary>
    public IOpenApiSchema Of(FieldPlan field) => field.Cardinality switch
    {
        FieldCardinality.Map => new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = One(field.Element!) },
        FieldCardinality.Repeated or FieldCardinality.Packed =>
            new OpenApiSchema { Type = JsonSchemaType.Array, Items = One(field.Element!) },
        _ => One(field),
    };

    /// <summary>A reference to a message's schema.</summary>
    public IOpenApiSchema Of(MessagePlan message)
    {
        var id = IdOf(message.FullName);
        if (_known.Add(id))
        {
            document.AddComponent(id, Object(message));
        }

        return new OpenApiSchemaReference(id, document);
    }

    // Without the package and without dots, which Kiota makes namespaces of: MetricData.Label is MetricDataLabel.
    private static string IdOf(string fullName) =>
        string.Concat(fullName.Split('.').SkipWhile(part => !char.IsUpper(part[0])));

    private OpenApiSchema Object(MessagePlan message) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = message.Fields.ToDictionary(field => field.JsonName, field => Property(message, field)),
    };

    private IOpenApiSchema Property(MessagePlan message, FieldPlan field)
    {
        var property = Of(field);
        if (property is OpenApiSchema own)
        {
            own.Deprecated = message.Descriptor.FindFieldByNumber(field.Number).GetOptions()?.Deprecated == true;
            own.Description = field.ShowIfEmpty ? "Always present in responses." : null;
            own.Default = field.DefaultFloat is { } value ? JsonValue.Create(value) : null;
        }

        return property;
    }

    private IOpenApiSchema One(FieldPlan field) => field.Kind switch
    {
        FieldKind.Double => Number("double"),
        FieldKind.Float => Number("float"),
        FieldKind.Int32 or FieldKind.SInt32 or FieldKind.SFixed32 => Integer("int32"),
        FieldKind.UInt32 or FieldKind.Fixed32 => Integer("uint32"),
        FieldKind.Int64 or FieldKind.SInt64 or FieldKind.SFixed64 => Text("int64"),
        FieldKind.UInt64 or FieldKind.Fixed64 => Text("uint64"),
        FieldKind.Bool => new OpenApiSchema { Type = JsonSchemaType.Boolean },
        FieldKind.Enum => Of(field.Enum!),
        FieldKind.NullValue => new OpenApiSchema { Type = JsonSchemaType.Null },
        FieldKind.String or FieldKind.FieldMask => Text(null),
        FieldKind.Bytes => Text("byte"),
        FieldKind.Timestamp => Text("date-time"),
        FieldKind.Duration => new OpenApiSchema { Type = JsonSchemaType.String, Pattern = Duration },
        FieldKind.Struct or FieldKind.Any => new OpenApiSchema { Type = JsonSchemaType.Object },
        FieldKind.ListValue => new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema() },
        FieldKind.Value => new OpenApiSchema(),
        FieldKind.Wrapper => One(field.Message!.Fields[0]),
        _ => Of(field.Message!),
    };

    private OpenApiSchemaReference Of(EnumPlan type)
    {
        var id = IdOf(type.Descriptor.FullName);
        if (_known.Add(id))
        {
            // Aliases share a number; the first name is the current one.
            var values = type.Descriptor.Values.DistinctBy(value => value.Number).ToList();
            document.AddComponent(id, new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Format = "int32",
                Enum = [.. values.Select(value => (JsonNode)JsonValue.Create(value.Number))],
                Extensions = NameExtensions.ToDictionary(name => name, IOpenApiExtension (_) => NamesOf(values)),
            });
        }

        return new OpenApiSchemaReference(id, document);
    }

    private static JsonNodeExtension NamesOf(IEnumerable<EnumValueDescriptor> values) =>
        new JsonNodeExtension(new JsonArray([.. values.Select(value => (JsonNode)value.Name)]));

    private static OpenApiSchema Number(string format) => new() { Type = JsonSchemaType.Number, Format = format };

    private static OpenApiSchema Integer(string format) => new() { Type = JsonSchemaType.Integer, Format = format };

    private static OpenApiSchema Text(string? format) => new() { Type = JsonSchemaType.String, Format = format };
}
