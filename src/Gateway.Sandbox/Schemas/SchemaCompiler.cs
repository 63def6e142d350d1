using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Core.Json;

namespace Gateway.Sandbox.Schemas;

/// <summary>Makes of a JSON Schema what values can be made by, or says what is wrong with it.</summary>
internal sealed class SchemaCompiler
{
    /// <summary>How deep values may nest, references and alternatives among the levels.</summary>
    public const int MaxLevels = 64;

    private const decimal MinStep = 0.000001m;

    // Each could make a value invalid, and none is looked at when one is made.
    private static readonly string[] Refused =
    [
        "not", "if", "then", "else", "dependentRequired", "dependentSchemas", "dependencies", "patternProperties", "propertyNames",
        "minProperties", "maxProperties", "contains", "minContains", "maxContains", "unevaluatedItems", "unevaluatedProperties",
        "additionalItems", "$dynamicRef", "$recursiveRef",
    ];

    // What goes with another keyword of its kind, but says nothing of its own.
    private static readonly string[] Constraints = ["type", "enum", "const", "properties", "required", "items", "anyOf", "oneOf", "allOf"];

    private readonly JsonNode _root;
    private readonly bool _strict;
    private readonly Dictionary<JsonNode, SchemaNode> _nodes = new(ReferenceEqualityComparer.Instance);
    private readonly Queue<(JsonNode Schema, string Path)> _waiting = [];
    private string? _error;

    private SchemaCompiler(JsonNode root, bool strict) => (_root, _strict) = (root, strict);

    /// <summary>Compiles a schema.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="strict">
    /// Whether it has to be of those that OpenAI's strict mode takes: an object, whose objects have no members but those named, and all
    /// of them.
    /// </param>
    /// <param name="root">The place that values begin at.</param>
    /// <param name="error">What is wrong with the schema, where in it.</param>
    public static bool TryCompile(
        JsonNode schema, bool strict, [NotNullWhen(true)] out SchemaNode? root, [NotNullWhen(false)] out string? error)
    {
        var compiler = new SchemaCompiler(schema, strict);
        root = compiler.Compile();
        error = compiler._error;
        return error is null;
    }

    private SchemaNode Compile()
    {
        if (_strict && !((_root as JsonObject)?["type"] is JsonValue type && TextOf(type) == "object"))
        {
            Fail("", "schema must be a JSON Schema of type \"object\"");
        }

        var root = NodeOf(_root, "");
        while (_error is null && _waiting.TryDequeue(out var next))
        {
            _nodes[next.Schema].Form = FormOf(next.Schema, next.Path);
        }

        SchemaNode.Measure(_nodes.Values, MaxLevels);
        if (root.Height > MaxLevels)
        {
            Fail("", $"no value of at most {MaxLevels} levels is valid by it");
        }

        return root;
    }

    private SchemaNode NodeOf(JsonNode? schema, string path)
    {
        if (schema is not JsonObject && schema?.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
        {
            Fail(path, "a schema is an object, true or false");
            return new SchemaNode();
        }

        if (!_nodes.TryGetValue(schema, out var node))
        {
            _nodes.Add(schema, node = new SchemaNode());
            _waiting.Enqueue((schema, path));
        }

        return node;
    }

    private SchemaForm FormOf(JsonNode schema, string path)
    {
        if (schema is not JsonObject json)
        {
            return schema.GetValueKind() == JsonValueKind.True ? StringForm.Any : new OptionForm([]);
        }

        if (Array.Find(Refused, json.ContainsKey) is { } refused)
        {
            Fail(path, $"'{refused}' is not supported by this model");
        }

        foreach (var keyword in new[] { "$ref", "anyOf", "oneOf", "allOf" })
        {
            if (json[keyword] is { } value)
            {
                return OptionsOf(json, keyword, value, path);
            }
        }

        return json.ContainsKey("const") ? new ChoiceForm([json["const"]])
            : json["enum"] is { } values ? ChoicesOf(json, values, path)
            : TypesOf(json, path);
    }

    private OptionForm OptionsOf(JsonObject json, string keyword, JsonNode value, string path)
    {
        var other = Array.Find(Constraints, one => one != keyword && json.ContainsKey(one));
        if (other is not null && !(other == "type" && keyword != "$ref" && json.Count == 2))
        {
            Fail(path, $"'{keyword}' together with '{other}' is not supported by this model");
        }

        if (keyword == "$ref")
        {
            var reference = TextOf(value) ?? "";
            var place = string.Join(", ", reference.TrimStart('#', '/').Split('/').Select(step => $"'{step}'"));
            return new OptionForm([NodeOf(Find(reference, path), place)]);
        }

        if (value is not JsonArray { Count: > 0 } list)
        {
            Fail(path, $"'{keyword}' is a list of schemas");
            return new OptionForm([]);
        }

        if (keyword == "allOf" && list.Count > 1)
        {
            Fail(path, "'allOf' of several schemas is not supported by this model");
        }

        return new OptionForm([.. list.Select((one, index) => NodeOf(one, $"{path}, '{keyword}', '{index}'"))]);
    }

    // A pointer into the schema (RFC 6901) in a fragment of a URI.
    private JsonNode? Find(string reference, string path)
    {
        var found = reference is ['#', ..] ? _root : null;
        foreach (var step in reference.Split('/').Skip(1))
        {
            var name = Uri.UnescapeDataString(step)
                .Replace("~1", "/", StringComparison.Ordinal)
                .Replace("~0", "~", StringComparison.Ordinal);
            found = found switch
            {
                JsonObject json => json[name],
                JsonArray list when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) =>
                    list.ElementAtOrDefault(index),
                _ => null,
            };
        }

        if (found is null)
        {
            Fail(path, "'$ref' leads to no place in the schema");
        }

        return found;
    }

    private ChoiceForm ChoicesOf(JsonObject json, JsonNode values, string path)
    {
        var types = TypeNames(json["type"]);
        var valid = (values as JsonArray)?.Where(value => types.Count == 0 || types.Any(type => IsOfType(value, type))).ToList() ?? [];
        if (valid.Count == 0)
        {
            Fail(path, "'enum' is a list of values of the type");
        }

        return new ChoiceForm(valid);
    }

    private SchemaForm TypesOf(JsonObject json, string path)
    {
        var types = TypeNames(json["type"]);
        if (types.Count == 0 && json["type"] is not null)
        {
            Fail(path, "'type' is the name of a type or a list of them");
        }

        if (types.Count < 2)
        {
            return OfType(types.Count == 1 ? types[0] : Guess(json), json, path);
        }

        return new OptionForm([.. types.Select(type =>
        {
            var node = new SchemaNode { Form = OfType(type, json, path) };
            _nodes.Add(new JsonObject(), node);
            return node;
        })]);
    }

    private static string Guess(JsonObject json) =>
        json.ContainsKey("properties") || json.ContainsKey("required") ? "object"
        : json.ContainsKey("items") || json.ContainsKey("prefixItems") ? "array"
        : json.ContainsKey("minimum") || json.ContainsKey("maximum") || json.ContainsKey("multipleOf") ? "number"
        : "string";

    private SchemaForm OfType(string type, JsonObject json, string path)
    {
        switch (type)
        {
            case "object":
                return ObjectOf(json, path);
            case "array":
                return ArrayOf(json, path);
            case "string":
                return StringOf(json, path);
            case "integer" or "number":
                return NumberOf(json, path, type == "integer");
            case "boolean":
                return new BooleanForm();
            case "null":
                return new ChoiceForm([null]);
            default:
                Fail(path, $"'{type}' is no type");
                return new OptionForm([]);
        }
    }

    private ObjectForm ObjectOf(JsonObject json, string path)
    {
        if (json["properties"] is not (null or JsonObject) || !TryReadNames(json["required"], out var required))
        {
            Fail(path, "'properties' is an object, 'required' a list of names");
            return new ObjectForm([], null);
        }

        var properties = json["properties"] as JsonObject ?? [];
        var others = json["additionalProperties"];
        var isClosed = others?.GetValueKind() == JsonValueKind.False;
        if (_strict)
        {
            CheckStrict(properties, required, isClosed, path);
        }

        var members = properties
            .Select(one => new MemberForm(one.Key, NodeOf(one.Value, $"{path}, 'properties', '{one.Key}'"), required.Remove(one.Key)))
            .ToList();
        if (isClosed && required.Count > 0)
        {
            Fail(path, $"'{required.First()}' is required, but no property");
        }

        var other = others is JsonObject ? NodeOf(others, $"{path}, 'additionalProperties'") : null;
        members.AddRange(required.Select(name => new MemberForm(name, other ?? NodeOf(JsonValue.Create(true), path), true)));
        return new ObjectForm(members, members.Count == 0 ? other : null);
    }

    private void CheckStrict(JsonObject properties, HashSet<string> required, bool isClosed, string path)
    {
        if (!isClosed)
        {
            Fail(path, "'additionalProperties' is required to be supplied and to be false");
        }
        else if (properties.Select(one => one.Key).FirstOrDefault(name => !required.Contains(name)) is { } missing)
        {
            Fail(path, $"'required' is required to be supplied and to be an array including every key in properties. Missing '{missing}'");
        }
    }

    private ArrayForm ArrayOf(JsonObject json, string path)
    {
        var (least, most) = LengthsOf(json, "minItems", "maxItems", path);
        var first = (json["prefixItems"] as JsonArray ?? [])
            .Select((one, index) => NodeOf(one, $"{path}, 'prefixItems', '{index}'"))
            .ToList();
        var items = json["items"] is { } schema ? NodeOf(schema, $"{path}, 'items'")
            : first.Count == 0 ? NodeOf(JsonValue.Create(true), path)
            : null;
        return new ArrayForm(first, items, least, most, json["uniqueItems"]?.GetValueKind() == JsonValueKind.True);
    }

    private StringForm StringOf(JsonObject json, string path)
    {
        var (least, most) = LengthsOf(json, "minLength", "maxLength", path);
        var format = json["format"] is { } name ? TextOf(name) ?? "" : null;
        if (format is not null && !FormattedText.Names.Contains(format))
        {
            Fail(path, $"'format' is none that this model knows: {string.Join(", ", FormattedText.Names)}");
        }

        TextPattern? pattern = null;
        if (json["pattern"] is { } text && format is null && !TextPattern.TryParse(TextOf(text) ?? "(", out pattern))
        {
            Fail(
                path,
                "'pattern' is none that this model can write by: characters, classes as [a-z], \\d, \\w, groups, | and counts up to 100");
        }

        return new StringForm(least, most, format, pattern);
    }

    private (int Least, int Most) LengthsOf(JsonObject json, string least, string most, string path)
    {
        var low = json[least] is { } from ? IntegerOf(from) : 0;
        var high = json[most] is { } to ? IntegerOf(to) : int.MaxValue;
        if (low is not >= 0 || high is not >= 0 || low > high)
        {
            Fail(path, $"'{least}' and '{most}' are whole numbers from 0, the first not above the second");
            return (0, 0);
        }

        return ((int)Math.Min(low.Value, int.MaxValue), (int)Math.Min(high.Value, int.MaxValue));
    }

    private NumberForm NumberOf(JsonObject json, string path, bool isInteger)
    {
        var (low, isLowOut) = Tighter(EndOf(json, "minimum", path, -1), EndOf(json, "exclusiveMinimum", path, -1), 1);
        var (high, isHighOut) = Tighter(EndOf(json, "maximum", path, 1), EndOf(json, "exclusiveMaximum", path, 1), -1);
        var step = EndOf(json, "multipleOf", path, 0);
        if (step < MinStep || (isInteger && step is { } part && part % 1 != 0))
        {
            Fail(path, $"'multipleOf' is a number from {NumberRange.Write(MinStep)}, of integers a whole one");
            step = null;
        }

        if (NumberRange.Of(low, high, isLowOut, isHighOut, step ?? (isInteger ? 1 : null)) is { } range)
        {
            return new NumberForm(range, isInteger);
        }

        Fail(path, "no number is within 'minimum', 'maximum' and 'multipleOf'");
        return new NumberForm(default, isInteger);
    }

    private static (decimal? End, bool IsOut) Tighter(decimal? inside, decimal? outside, int direction) =>
        outside is { } end && !(inside is { } other && (other - end) * direction > 0) ? (end, true) : (inside, false);

    // An end that is farther out than any number here is none.
    private decimal? EndOf(JsonObject json, string keyword, string path, int outwards)
    {
        if (json[keyword] is not { } node)
        {
            return null;
        }

        var limit = (double)NumberRange.Limit;
        if (node is not JsonValue value || !value.TryGetValue(out double number) || (Math.Abs(number) > limit && number * outwards <= 0))
        {
            Fail(path, $"'{keyword}' is a number, and lets one of at most {NumberRange.Write(NumberRange.Limit)} be");
            return null;
        }

        return Math.Abs(number) > limit ? null : value.TryGetValue(out decimal exact) ? exact : (decimal)number;
    }

    private static List<string> TypeNames(JsonNode? type) => type switch
    {
        JsonArray list when list.All(one => TextOf(one) is not null) => [.. list.Select(one => TextOf(one)!)],
        not null when TextOf(type) is { } name => [name],
        _ => [],
    };

    private static bool IsOfType(JsonNode? value, string type) => (value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        JsonValueKind.Object => type == "object",
        JsonValueKind.Array => type == "array",
        JsonValueKind.String => type == "string",
        JsonValueKind.Number => type == "number" || (type == "integer" && IntegerOf(value!) is not null),
        JsonValueKind.Null => type == "null",
        _ => type == "boolean",
    };

    private static bool TryReadNames(JsonNode? node, out HashSet<string> names)
    {
        var texts = (node as JsonArray ?? []).Select(TextOf).ToList();
        names = [.. texts.OfType<string>()];
        return node is null or JsonArray && !texts.Contains(null);
    }

    private static long? IntegerOf(JsonNode node) =>
        node is JsonValue value && value.TryGetValue(out JsonElement element) && JsonInteger.TryRead(element, out var number)
            ? number
            : null;

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private void Fail(string path, string what) => _error ??= $"In context=({path.TrimStart(',', ' ')}), {what}.";
}
