using System.Text.Json.Nodes;

namespace Gateway.Sandbox.Mcp;

/// <summary>A tool that computes one number from arguments of one type, which are all required.</summary>
/// <param name="name">Its name.</param>
/// <param name="description">What it computes.</param>
/// <param name="type">The JSON type of its arguments.</param>
/// <param name="arguments">Their names.</param>
/// <param name="run">Computes the number; null where an argument is of another type.</param>
internal sealed class McpTool(string name, string description, string type, string[] arguments, Func<JsonNode[], double?> run)
{
    private const string ResultName = "result";

    public string Name => name;

    public JsonObject Describe() => new()
    {
        ["name"] = name,
        ["description"] = description,
        ["inputSchema"] = Schema(arguments, type),
        ["outputSchema"] = Schema([ResultName], "number"),
    };

    /// <summary>Calls it: arguments that do not fit are a result that says so, for the caller's model to read.</summary>
    public JsonObject Call(JsonObject given)
    {
        var values = arguments.Select(argument => given[argument]).OfType<JsonNode>().ToArray();
        if (values.Length != arguments.Length || run(values) is not { } result)
        {
            return new JsonObject
            {
                ["content"] = Text($"{name} takes {string.Join(" and ", arguments)}, each a {type}"),
                ["isError"] = true,
            };
        }

        var structured = new JsonObject { [ResultName] = result };
        return new JsonObject { ["content"] = Text(structured.ToJsonString()), ["structuredContent"] = structured };
    }

    private static JsonObject Schema(string[] names, string type) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(names.Select(name => KeyValuePair.Create(name, (JsonNode?)new JsonObject { ["type"] = type }))),
        ["required"] = new JsonArray([.. names.Select(name => (JsonNode)name)]),
    };

    private static JsonArray Text(string text) => [new JsonObject { ["type"] = "text", ["text"] = text }];
}
