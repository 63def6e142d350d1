using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Gateway.Api.Models;

namespace Gateway.Api.Faces.OpenAi.Translation;

/// <summary>
/// Answers of models, as clients of something else want them. What is not translated goes on as the bytes that it is: a text may end in
/// half a surrogate pair, of which the next chunk has the other half, and no writer takes one half.
/// </summary>
internal static class AnswerTranslations
{
    /// <summary>A whole answer as the one chunk of a stream.</summary>
    public static ReadOnlyMemory<byte> ToChunk(ReadOnlyMemory<byte> json) => TranslateChoices(json, "chat.completion.chunk", WriteDelta);

    /// <summary>A whole answer, or a chunk of one, as the older <c>completions</c> has them.</summary>
    public static ReadOnlyMemory<byte> ToCompletion(ReadOnlyMemory<byte> json) => TranslateChoices(json, "text_completion", WriteText);

    /// <summary>A whole answer of <c>responses</c> as the last event of its stream.</summary>
    public static ReadOnlyMemory<byte> ToCompletedEvent(ReadOnlyMemory<byte> json) => Translate(json, (answer, to) =>
    {
        to.WriteString("type"u8, "response.completed"u8);
        to.WriteNumber("sequence_number"u8, 0);
        to.WritePropertyName("response"u8);
        Copy(answer, to);
    });

    private static ReadOnlyMemory<byte> TranslateChoices(
        ReadOnlyMemory<byte> json, string kind, Action<JsonElement, Utf8JsonWriter> writeChoice) => Translate(json, (answer, to) =>
    {
        foreach (var member in answer.EnumerateObject())
        {
            if (member.NameEquals("object"u8))
            {
                to.WriteString("object"u8, kind);
            }
            else if (member.NameEquals("choices"u8) && member.Value.ValueKind == JsonValueKind.Array)
            {
                WriteChoices(member.Value, to, writeChoice);
            }
            else
            {
                Copy(member, to);
            }
        }

        if (!answer.TryGetProperty("object"u8, out _))
        {
            to.WriteString("object"u8, kind);
        }
    });

    private static void WriteChoices(JsonElement choices, Utf8JsonWriter to, Action<JsonElement, Utf8JsonWriter> writeChoice)
    {
        to.WriteStartArray("choices"u8);
        foreach (var choice in choices.EnumerateArray().Where(IsObject))
        {
            to.WriteStartObject();
            writeChoice(choice, to);
            to.WriteEndObject();
        }

        to.WriteEndArray();
    }

    private static void WriteDelta(JsonElement choice, Utf8JsonWriter to)
    {
        CopyMembers(choice, to, "message", "delta");
        to.WriteStartObject("delta"u8);
        if (choice.TryGetProperty("message"u8, out var message) && IsObject(message))
        {
            CopyMembers(message, to, "tool_calls");
            WriteToolCalls(message, to);
        }

        to.WriteEndObject();
    }

    // In chunks, calls have numbers, by which clients put their pieces together.
    private static void WriteToolCalls(JsonElement message, Utf8JsonWriter to)
    {
        if (!message.TryGetProperty("tool_calls"u8, out var calls) || calls.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        to.WriteStartArray("tool_calls"u8);
        foreach (var (index, call) in calls.EnumerateArray().Where(IsObject).Index())
        {
            to.WriteStartObject();
            CopyMembers(call, to, "index");
            to.WriteNumber("index"u8, index);
            to.WriteEndObject();
        }

        to.WriteEndArray();
    }

    private static void WriteText(JsonElement choice, Utf8JsonWriter to)
    {
        CopyMembers(choice, to, "message", "delta", "text", "logprobs");
        to.WritePropertyName("text"u8);
        if ((choice.TryGetProperty("message"u8, out var message) || choice.TryGetProperty("delta"u8, out message))
            && IsObject(message) && message.TryGetProperty("content"u8, out var content) && content.ValueKind != JsonValueKind.Null)
        {
            Copy(content, to);
        }
        else
        {
            to.WriteStringValue(""u8);
        }

        to.WriteNull("logprobs"u8);
    }

    private static ReadOnlyMemory<byte> Translate(ReadOnlyMemory<byte> json, Action<JsonElement, Utf8JsonWriter> write)
    {
        try
        {
            using var answer = JsonDocument.Parse(json);
            var output = new ArrayBufferWriter<byte>(json.Length);
            using (var to = new Utf8JsonWriter(output, JsonAnswer.Options))
            {
                to.WriteStartObject();
                write(answer.RootElement, to);
                to.WriteEndObject();
            }

            return output.WrittenMemory;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return default; // broken, or with half a surrogate pair in a member's name
        }
    }

    private static bool IsObject(JsonElement json) => json.ValueKind == JsonValueKind.Object;

    private static void CopyMembers(JsonElement from, Utf8JsonWriter to, params ReadOnlySpan<string> but)
    {
        foreach (var member in from.EnumerateObject())
        {
            if (!but.Contains(member.Name))
            {
                Copy(member, to);
            }
        }
    }

    private static void Copy(JsonProperty member, Utf8JsonWriter to)
    {
        to.WritePropertyName(member.Name);
        Copy(member.Value, to);
    }

    private static void Copy(JsonElement value, Utf8JsonWriter to) =>
        to.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
}
