using System.Buffers;
using System.Text.Json;
using Gateway.Api.Errors;
using Gateway.Core.Json;

namespace Gateway.Api.Faces.OpenAi.Translation;

/// <summary>Requests of the older <c>completions</c>, as chat wants them: the prompt is the one message.</summary>
internal static class CompletionRequest
{
    // What chat has not: any of these would change the answer, but for the one value that asks for nothing.
    private static readonly Dictionary<string, Func<JsonElement, bool>> Unknown = new(StringComparer.Ordinal)
    {
        ["messages"] = _ => false,
        ["suffix"] = value => value.ValueKind == JsonValueKind.String && value.ValueEquals(""),
        ["best_of"] = value => IsInteger(value, 1),
        ["echo"] = value => value.ValueKind == JsonValueKind.False,
        ["logprobs"] = value => value.ValueKind == JsonValueKind.False || IsInteger(value, 0),
    };

    /// <summary>Translates a request.</summary>
    /// <returns>Why it cannot be; null when it was.</returns>
    public static ApiError? TryTranslate(OpenAiRequest request, out OpenAiRequest chat)
    {
        chat = request;
        foreach (var (member, asksForNothing) in Unknown)
        {
            if (request.Find(member) is { } value && !asksForNothing(value))
            {
                return OpenAiErrors.Invalid(member, $"{member} is not supported.");
            }
        }

        if (PromptOf(request) is not { } prompt)
        {
            return OpenAiErrors.Invalid("prompt", "prompt is a text, or a list of one.");
        }

        chat = request with { Json = Write(request.Json, prompt) };
        return null;
    }

    private static bool IsInteger(JsonElement value, long wanted) => JsonInteger.TryRead(value, out var number) && number == wanted;

    private static string? PromptOf(OpenAiRequest request) => request.Find("prompt") switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() == 1 && list[0].ValueKind == JsonValueKind.String =>
            list[0].GetString(),
        _ => null,
    };

    private static JsonElement Write(JsonElement request, string prompt)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var member in request.EnumerateObject().Where(member => member.Name != "prompt" && !Unknown.ContainsKey(member.Name)))
            {
                member.WriteTo(json);
            }

            json.WriteStartArray("messages"u8);
            json.WriteStartObject();
            json.WriteString("role"u8, "user"u8);
            json.WriteString("content"u8, prompt);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }
}
