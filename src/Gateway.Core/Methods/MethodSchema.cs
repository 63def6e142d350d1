using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Core.Methods;

/// <summary>Arguments and results as JSON Schema (draft 2020-12), for what the gateway takes and answers.</summary>
public static class MethodSchema
{
    /// <summary>The object that holds a call's arguments.</summary>
    public static JsonObject OfArguments(ModelMethod method) => Object(method.Arguments, isResult: false, argument => argument.IsRequired);

    /// <summary>The result; of a streaming method, each of its results.</summary>
    public static JsonObject OfResult(ModelMethod method) => method.Results switch
    {
        [] => new JsonObject { ["type"] = "null" },
        [var one] => Of(one, isResult: true),
        var several => Object(several, isResult: true, _ => true),
    };

    private static JsonObject Of(MethodField field, bool isResult)
    {
        var schema = field.Row.Form switch
        {
            DataForm.Text or DataForm.TextMessage => Type("string"),
            DataForm.Bytes => new JsonObject { ["type"] = "string", ["contentEncoding"] = "base64" },
            DataForm.Whole => Type("integer"),
            DataForm.Number => Type("number"),
            DataForm.Truth => Type("boolean"),
            DataForm.Array => isResult ? NumericArray() : AnyOf(Type("array"), NumericArray()),
            DataForm.Json => new JsonObject { ["type"] = new JsonArray("object", "array") },
            DataForm.Medium => isResult ? Media() : AnyOf(MediaText(), Media()),
            DataForm.Listed => Type("object"),
            DataForm.List => List(field, isResult),
            DataForm.Tuple => Tuple(field, isResult),

            // Python takes a value for each name, and has no defaults here.
            DataForm.Named => Object(field.Items, isResult, _ => true),
            _ => [],
        };
        Annotate(schema, field);
        return schema;
    }

    private static void Annotate(JsonObject schema, MethodField field)
    {
        if (field.Description.Length > 0)
        {
            schema["description"] = field.Description;
        }

        if (!field.Choices.IsEmpty)
        {
            schema["enum"] = Array(field.Choices.Select(choice => JsonSerializer.SerializeToNode(choice)!));
        }

        if (field.Minimum is { } minimum)
        {
            schema["minimum"] = minimum;
        }

        if (field.Maximum is { } maximum)
        {
            schema["maximum"] = maximum;
        }

        if (field.Default is { } value)
        {
            schema["default"] = JsonSerializer.SerializeToNode(value);
        }
    }

    private static JsonObject Object(IReadOnlyCollection<MethodField> fields, bool isResult, Func<MethodField, bool> isRequired)
    {
        var schema = Type("object");
        schema["properties"] = new JsonObject(
            fields.DistinctBy(field => field.Name).Select(field => KeyValuePair.Create(field.Name, (JsonNode?)Of(field, isResult))));
        if (!isResult)
        {
            schema["required"] = Array(fields.Where(isRequired).Select(field => (JsonNode)field.Name));
            schema["additionalProperties"] = false;
        }

        return schema;
    }

    private static JsonObject List(MethodField field, bool isResult)
    {
        var schema = Type("array");
        if (field.Items is [var item])
        {
            schema["items"] = Of(item, isResult);
        }

        return schema;
    }

    private static JsonObject Tuple(MethodField field, bool isResult)
    {
        var schema = Type("array");
        schema["prefixItems"] = Array(field.Items.Select(item => Of(item, isResult)));
        schema["minItems"] = field.Items.Length;
        schema["maxItems"] = field.Items.Length;
        return schema;
    }

    private static JsonObject NumericArray() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["dtype"] = Type("string"),
            ["shape"] = new JsonObject { ["type"] = "array", ["items"] = Type("integer") },
            ["data"] = new JsonObject(),
            ["buffer"] = new JsonObject { ["type"] = "string", ["contentEncoding"] = "base64" },
        },
    };

    private static JsonObject Media() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject { ["url"] = Type("string"), ["base64"] = Type("string") },
    };

    private static JsonObject MediaText() => new() { ["type"] = "string", ["description"] = "A URL, a data URL, or base64." };

    private static JsonObject AnyOf(params JsonNode[] schemas) => new() { ["anyOf"] = new JsonArray(schemas) };

    private static JsonObject Type(string name) => new() { ["type"] = name };

    private static JsonArray Array(IEnumerable<JsonNode> items) => new([.. items]);
}
