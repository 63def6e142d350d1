using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Gateway.Sandbox.OpenAi;

/// <summary>
/// A call of one of the caller's tools. The model calls one when it has to, or when the last message, if it is the user's, has the tool's
/// name in it; and fills the arguments by their types alone: texts with the message, numbers with the first one in it, choices with their
/// first.
/// </summary>
/// <param name="Name">The function's name.</param>
/// <param name="Arguments">The arguments, as JSON.</param>
internal sealed partial record FunctionCall(string Name, string Arguments)
{
    private const int MaxDepth = 8;

    /// <summary>The call that a request asks for; null for none.</summary>
    /// <param name="request">The request.</param>
    /// <param name="prompt">The text of the last message.</param>
    public static FunctionCall? For(JsonObject request, string prompt)
    {
        var functions = (request["tools"] as JsonArray)?.Select(tool => tool?["function"] as JsonObject).OfType<JsonObject>().ToList();
        if (functions is not { Count: > 0 } || (request["messages"] as JsonArray)?[^1]?["role"]?.ToString() == "tool")
        {
            return null;
        }

        var choice = request["tool_choice"];
        var named = (choice as JsonObject)?["function"]?["name"]?.ToString();
        var function = named is not null ? functions.Find(one => NameOf(one) == named)
            : choice?.ToString() == "none" ? null
            : functions.Find(one => prompt.Contains(NameOf(one), StringComparison.OrdinalIgnoreCase))
                ?? (choice?.ToString() == "required" ? functions[0] : null);
        return function is null
            ? null
            : new FunctionCall(NameOf(function), Fill(function["parameters"] as JsonObject, prompt, MaxDepth)?.ToJsonString() ?? "{}");
    }

    /// <summary>The call as an answer has it.</summary>
    public JsonObject ToJson(string id) => new()
    {
        ["id"] = id,
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = Name, ["arguments"] = Arguments },
    };

    private static string NameOf(JsonObject function) => function["name"]?.ToString() ?? "";

    private static JsonNode? Fill(JsonObject? schema, string prompt, int depth) => (schema?["enum"], schema?["type"]?.ToString()) switch
    {
        _ when depth == 0 => null,
        (JsonArray { Count: > 0 } choices, _) => choices[0]?.DeepClone(),
        (_, "string") => prompt,
        (_, "integer") => (long)NumberIn(prompt),
        (_, "number") => NumberIn(prompt),
        (_, "boolean") => true,
        (_, "array") => new JsonArray(Fill(schema!["items"] as JsonObject, prompt, depth - 1)),
        (_, "object") => new JsonObject((schema!["properties"] as JsonObject ?? []).Select(
            property => KeyValuePair.Create(property.Key, Fill(property.Value as JsonObject, prompt, depth - 1)))),
        _ => null,
    };

    private static double NumberIn(string prompt) =>
        Number().Match(prompt) is { Success: true } match ? double.Parse(match.Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"-?\d{1,15}(\.\d{1,15})?")]
    private static partial Regex Number();
}
