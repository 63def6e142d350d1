using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Gateway.Testing;

/// <summary>A JSON Schema as editors and other validators go by it.</summary>
public sealed class JsonSchemaValidator
{
    private readonly JsonSchema _schema;

    /// <summary>Reads one.</summary>
    public JsonSchemaValidator(string text) => _schema = JsonSchema.FromText(text);

    private JsonSchemaValidator(JsonSchema schema) => _schema = schema;

    /// <summary>The schema of schemas (draft 2020-12).</summary>
    public static JsonSchemaValidator OfSchemas { get; } = new(MetaSchemas.Draft202012);

    /// <summary>Why JSON is not valid; null when it is.</summary>
    public string? FaultOf(JsonNode json)
    {
        var result = _schema.Evaluate(JsonSerializer.SerializeToElement(json), new EvaluationOptions { OutputFormat = OutputFormat.List });
        return result.IsValid ? null : JsonSerializer.Serialize(result);
    }
}
