using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Api.OpenAi.Translation;

/// <summary>Answers of models, as clients of something else want them.</summary>
internal static class AnswerTranslations
{
    /// <summary>A whole answer as the one chunk of a stream.</summary>
    public static ReadOnlyMemory<byte> ToChunk(ReadOnlyMemory<byte> json) => Translate(json, answer =>
    {
        answer["object"] = "chat.completion.chunk";
        foreach (var choice in ChoicesOf(answer))
        {
            var message = Take(choice, "message") as JsonObject ?? [];
            NumberToolCalls(message);
            choice["delta"] = message;
        }
    });

    /// <summary>A whole answer, or a chunk of one, as the older <c>completions</c> has them.</summary>
    public static ReadOnlyMemory<byte> ToCompletion(ReadOnlyMemory<byte> json) => Translate(json, answer =>
    {
        answer["object"] = "text_completion";
        foreach (var choice in ChoicesOf(answer))
        {
            var message = Take(choice, "message") ?? Take(choice, "delta");
            choice["text"] = (message as JsonObject)?["content"]?.DeepClone() ?? "";
            choice["logprobs"] = null;
        }
    });

    /// <summary>A whole answer of <c>responses</c> as the last event of its stream.</summary>
    public static ReadOnlyMemory<byte> ToCompletedEvent(ReadOnlyMemory<byte> json) => Translate(json, answer =>
    {
        var response = answer.DeepClone();
        answer.Clear();
        answer["type"] = "response.completed";
        answer["sequence_number"] = 0;
        answer["response"] = response;
    });

    private static ReadOnlyMemory<byte> Translate(ReadOnlyMemory<byte> json, Action<JsonObject> change)
    {
        try
        {
            var answer = (JsonObject)JsonNode.Parse(json.Span)!;
            change(answer);
            return JsonSerializer.SerializeToUtf8Bytes(answer);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return default; // broken, or with a member given twice
        }
    }

    private static IEnumerable<JsonObject> ChoicesOf(JsonObject answer) => answer["choices"] is JsonArray choices ? choices.OfType<JsonObject>() : [];

    private static JsonNode? Take(JsonObject from, string member) => from.Remove(member, out var value) ? value : null;

    // In chunks, calls have numbers, by which clients put their pieces together.
    private static void NumberToolCalls(JsonObject message)
    {
        if (message["tool_calls"] is JsonArray calls)
        {
            foreach (var (index, call) in calls.OfType<JsonObject>().Index())
            {
                call["index"] = index;
            }
        }
    }
}
