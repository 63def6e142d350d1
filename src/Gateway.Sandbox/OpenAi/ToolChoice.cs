using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.Sandbox.Text;

namespace Gateway.Sandbox.OpenAi;

/// <summary>
/// Which of the caller's tools the model calls: the one that it has to (<c>tool_choice</c>); else the one that the user's last message
/// has most words in common with, those of its name counting most, then its description and its parameters; else none. A tool's result
/// ends the calling: what comes behind it is text.
/// </summary>
internal static partial class ToolChoice
{
    private const int ShortestWord = 3;

    // Words that any message and any description may have.
    private static readonly HashSet<string> Common = new(
        """
        about all and any are ask call can could current does for from function get give given has have her here him his how into its
        let list make may more name not now off one our out over please return run say see set should show some take tell than that the
        their them then there they this time tool too use user value want was were what when where which who why will with would you your
        """.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries),
        StringComparer.Ordinal);

    /// <summary>Finds the function to call.</summary>
    /// <param name="request">The request.</param>
    /// <param name="conversation">Its messages.</param>
    /// <param name="index">Which of <c>tools</c> it is; negative for none.</param>
    /// <returns>What is wrong with the request; null when nothing is.</returns>
    public static RequestError? Read(JsonObject request, Conversation conversation, out int index)
    {
        index = -1;
        if (FaultOf(request["tools"]) is { } fault)
        {
            return fault;
        }

        var functions = (request["tools"] as JsonArray ?? []).Select(FunctionOf).ToList();
        var choice = request["tool_choice"];
        var mode = choice is null ? "auto" : choice.Text();
        var wanted = choice.Member("function").Member("name").Text();
        if (mode is not ("auto" or "none" or "required" or null) || (mode is null && wanted is null))
        {
            return new RequestError("tool_choice", "none, auto, required or a function was expected");
        }

        var named = mode is null ? functions.FindIndex(function => NameOf(function) == wanted) : -1;
        if (mode == "required" && functions.Count == 0)
        {
            return new RequestError("tool_choice", "required was asked for, but there are no tools");
        }

        if (mode is null && named < 0)
        {
            return new RequestError("tool_choice", "the tool is not in tools");
        }

        if (mode != "none" && functions.Count > 0 && conversation.Results.Count == 0)
        {
            index = mode is null ? named : Best(functions, conversation, isRequired: mode == "required");
        }

        return null;
    }

    /// <summary>The function of a tool.</summary>
    public static JsonNode? FunctionOf(JsonNode? tool) => tool.Member("function");

    /// <summary>The name of a function; empty when it has none.</summary>
    public static string NameOf(JsonNode? function) => function.Member("name").Text() ?? "";

    private static RequestError? FaultOf(JsonNode? tools)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        return tools is null ? null
            : tools is JsonArray list
                ? list.Select((tool, index) => FaultOf(tool, $"tools[{index}]", names)).FirstOrDefault(fault => fault is not null)
            : new RequestError("tools", "a list was expected");
    }

    // Names are those of the tools before; its own is added.
    private static RequestError? FaultOf(JsonNode? tool, string name, HashSet<string> names)
    {
        var function = FunctionOf(tool);
        return tool.Member("type").Text() != "function" ? new RequestError($"{name}.type", "function was expected")
            : !ResponseFormat.IsName(NameOf(function)) ? new RequestError($"{name}.function.name", ResponseFormat.NameExpected)
            : !names.Add(NameOf(function)) ? new RequestError($"{name}.function.name", "another tool has this name")
            : function.Member("parameters") is { } parameters && parameters.Member("type").Text() != "object"
                ? new RequestError($"{name}.function.parameters", "a JSON Schema of the type object was expected")
            : null;
    }

    private static int Best(List<JsonNode?> functions, Conversation conversation, bool isRequired)
    {
        if (!isRequired && !conversation.IsUsersTurn)
        {
            return -1;
        }

        var message = new MessageFacts(conversation.Asked);
        var asked = WordsOf(message.Message);
        var scores = functions.ConvertAll(function => Score(function, message, asked));
        var best = scores.IndexOf(scores.Max());
        return scores[best] > 0 || isRequired ? best : -1;
    }

    private static int Score(JsonNode? function, MessageFacts message, HashSet<string> asked)
    {
        var name = NameOf(function);
        var parameters = function.Member("parameters").Member("properties") as JsonObject ?? [];
        return (message.Has(name) ? 100 : 0)
            + (3 * WordsOf(name).Count(asked.Contains))
            + WordsOf(function.Member("description").Text() ?? "").Count(asked.Contains)
            + WordsOf(string.Join(' ', parameters.Select(one => one.Key))).Count(asked.Contains);
    }

    // Plurals are what they are of; identifiers are cut at capitals and underscores.
    private static HashSet<string> WordsOf(string text) =>
    [
        .. Words().Matches(text).Select(match => match.Value.ToLowerInvariant())
            .Where(word => word.Length >= ShortestWord && !Common.Contains(word))
            .Select(word => word.Length > ShortestWord ? word.TrimEnd('s') : word),
    ];

    [GeneratedRegex(@"\p{Lu}?[\p{Ll}\p{Lo}]+|\p{Lu}+", RegexOptions.NonBacktracking)]
    private static partial Regex Words();
}
