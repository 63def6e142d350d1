using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.Sandbox.Schemas;

namespace Gateway.Sandbox.OpenAi;

/// <summary>What a request wants its answer to look like (<c>response_format</c>).</summary>
internal static partial class ResponseFormat
{
    /// <summary>The member that says so.</summary>
    public const string Parameter = "response_format";

    /// <summary>What is wrong with a name that is none.</summary>
    public const string NameExpected = "a name of 1 to 64 letters, digits, _ and - was expected";

    // Any object will do: one with a text.
    private static readonly JsonNode AnyObject = JsonNode.Parse(
        """{"type":"object","properties":{"text":{"type":"string"}},"required":["text"],"additionalProperties":false}""")!;

    /// <summary>Reads a format.</summary>
    /// <param name="format">The format; null for text.</param>
    /// <param name="schema">What the answer is; null for text.</param>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    public static RequestError? Read(JsonNode? format, out SchemaNode? schema)
    {
        schema = null;
        switch (format is null ? "text" : format.Member("type").Text())
        {
            case "text":
                return null;
            case "json_object":
                SchemaCompiler.TryCompile(AnyObject, strict: false, out schema, out _);
                return null;
            case "json_schema":
                return ReadSchema(format.Member("json_schema"), out schema);
            default:
                return new RequestError($"{Parameter}.type", "text, json_object or json_schema was expected");
        }
    }

    /// <summary>Whether schemas and functions can be called so.</summary>
    public static bool IsName([NotNullWhen(true)] string? text) => text is not null && Name().IsMatch(text);

    private static RequestError? ReadSchema(JsonNode? format, out SchemaNode? schema)
    {
        schema = null;
        var name = format.Member("name").Text();
        if (!IsName(name))
        {
            return new RequestError($"{Parameter}.json_schema.name", NameExpected);
        }

        if (format.Member("schema") is not { } json)
        {
            return new RequestError($"{Parameter}.json_schema.schema", "a JSON Schema was expected");
        }

        return SchemaCompiler.TryCompile(json, format.Member("strict").IsTrue(), out schema, out var error)
            ? null
            : new RequestError($"{Parameter}.json_schema.schema", $"Invalid schema for {Parameter} '{name}': {error}");
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9_-]{1,64}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
