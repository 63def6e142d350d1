using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Gateway.Sandbox.Schemas;
using Gateway.Sandbox.Text;

namespace Gateway.Sandbox.OpenAi;

/// <summary>A call of one of the caller's tools.</summary>
/// <param name="Name">The function's name.</param>
/// <param name="Arguments">The arguments, as JSON.</param>
internal sealed record FunctionCall(string Name, string Arguments)
{
    private static readonly JsonNode NoParameters = JsonNode.Parse("""{"type":"object"}""")!;

    /// <summary>The call's id.</summary>
    public string Id { get; } = $"call_{Guid.NewGuid():N}";

    /// <summary>Calls a tool with arguments of its schema, of what the user's message has for them.</summary>
    /// <param name="tools">The caller's tools.</param>
    /// <param name="index">Which of them.</param>
    /// <param name="message">The user's message.</param>
    /// <param name="random">The dice.</param>
    /// <param name="words">What strings are made of that the message has nothing for.</param>
    /// <param name="call">The call.</param>
    /// <param name="error">Why there is none.</param>
    public static bool TryMake(
        JsonNode? tools, int index, string message, Random random, WordStream words, [NotNullWhen(true)] out FunctionCall? call,
        [NotNullWhen(false)] out RequestError? error)
    {
        var function = ToolChoice.FunctionOf((tools as JsonArray)?[index]);
        var name = ToolChoice.NameOf(function);
        var strict = function.Member("strict").IsTrue();
        call = null;
        error = null;
        if (SchemaCompiler.TryCompile(function.Member("parameters") ?? NoParameters, strict, out var schema, out var fault)
            && SchemaWriter.TryWrite(schema, random, words, new MessageFacts(message), out var arguments, out fault))
        {
            call = new FunctionCall(name, arguments);
            return true;
        }

        error = new RequestError($"tools[{index}].function.parameters", $"Invalid schema for function '{name}': {fault}");
        return false;
    }

    /// <summary>The call as an answer of chat completions has it.</summary>
    /// <param name="arguments">The arguments; null for the call's.</param>
    public JsonObject ToJson(string? arguments = null) => new()
    {
        ["id"] = Id,
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = Name, ["arguments"] = arguments ?? Arguments },
    };
}
