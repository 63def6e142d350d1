using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Gateway.Sandbox.Text;

namespace Gateway.Sandbox.OpenAi;

/// <summary>The messages of a chat.</summary>
/// <param name="Last">The text of the last one, which the answer continues.</param>
/// <param name="Asked">The text of the user's last one.</param>
/// <param name="Results">What the tools returned since the last message that is no tool's, in order.</param>
/// <param name="Tokens">The tokens of all of them.</param>
internal sealed record Conversation(string Last, string Asked, IReadOnlyList<string> Results, int Tokens)
{
    /// <summary>Whether the last word is the user's.</summary>
    public bool IsUsersTurn { get; private init; }

    /// <summary>Reads the messages.</summary>
    public static bool TryParse(
        JsonNode? messages, [NotNullWhen(true)] out Conversation? conversation, [NotNullWhen(false)] out RequestError? error)
    {
        conversation = null;
        if (messages is not JsonArray { Count: > 0 } list)
        {
            error = new RequestError("messages", "a list with at least one message was expected");
            return false;
        }

        var calls = new HashSet<string>(StringComparer.Ordinal);
        error = list.Select((message, index) => FaultOf(message, $"messages[{index}]", calls)).FirstOrDefault(fault => fault is not null);
        if (error is not null)
        {
            return false;
        }

        var read = list.Select(message => (Role: message.Member("role").Text(), Text: TextOf(message.Member("content")))).ToList();
        var asked = read.FindLast(message => message.Role == "user").Text ?? "";
        var results = read[(read.FindLastIndex(message => message.Role != "tool") + 1)..].ConvertAll(message => message.Text!);
        conversation = new Conversation(read[^1].Text!, asked, results, read.Sum(message => Tokenizer.Count(message.Text!)))
        {
            IsUsersTurn = read[^1].Role == "user",
        };
        return true;
    }

    // Calls are those of the messages before; its own are added.
    private static RequestError? FaultOf(JsonNode? message, string name, HashSet<string> calls)
    {
        if (message is not JsonObject)
        {
            return new RequestError(name, "an object was expected");
        }

        var role = message["role"].Text();
        if (role is not ("system" or "developer" or "user" or "assistant" or "tool"))
        {
            return new RequestError($"{name}.role", "system, developer, user, assistant or tool was expected");
        }

        if ((message["content"] is null && role != "assistant") || TextOf(message["content"]) is null)
        {
            return new RequestError($"{name}.content", "text was expected");
        }

        if (role == "tool" && !calls.Contains(message["tool_call_id"].Text() ?? ""))
        {
            return new RequestError($"{name}.tool_call_id", "the id of a call in an assistant's message before was expected");
        }

        if (role == "assistant")
        {
            calls.UnionWith((message["tool_calls"] as JsonArray ?? []).Select(call => call.Member("id").Text()).OfType<string>());
        }

        return null;
    }

    // Text, or a list of parts of which all are text; a message of tool calls has null content.
    private static string? TextOf(JsonNode? content) => content switch
    {
        null => "",
        JsonArray parts when parts.All(part => PartOf(part) is not null) => string.Join('\n', parts.Select(PartOf)),
        _ => content.Text(),
    };

    private static string? PartOf(JsonNode? part) => part.Member("text").Text() ?? part.Member("refusal").Text();
}
