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

        var read = list.Select(Read).ToList();
        var unread = read.FindIndex(message => message.Text is null);
        if (unread >= 0)
        {
            error = new RequestError($"messages[{unread}].content", "text was expected");
            return false;
        }

        error = null;
        var asked = read.FindLast(message => message.Role == "user").Text ?? "";
        var results = read[(read.FindLastIndex(message => message.Role != "tool") + 1)..].ConvertAll(message => message.Text!);
        conversation = new Conversation(read[^1].Text!, asked, results, read.Sum(message => Tokenizer.Count(message.Text!)))
        {
            IsUsersTurn = read[^1].Role == "user",
        };
        return true;
    }

    private static (string Role, string? Text) Read(JsonNode? message) =>
        (message.Member("role").Text() ?? "user", message is JsonObject ? TextOf(message["content"]) : null);

    // Text, or a list of parts of which all are text; a message of tool calls has null content.
    private static string? TextOf(JsonNode? content) => content switch
    {
        null => "",
        JsonArray parts when parts.All(part => PartOf(part) is not null) => string.Join('\n', parts.Select(PartOf)),
        _ => content.Text(),
    };

    private static string? PartOf(JsonNode? part) => part.Member("text").Text() ?? part.Member("refusal").Text();
}
