using System.Buffers;
using System.Text.Json;
using Gateway.Api.Streams;

namespace Gateway.Api.Faces.OpenAi;

/// <summary>
/// Server-Sent Events as OpenAI's <c>responses</c> have them: each is named by its type, and the last is the model's own.
/// </summary>
internal sealed class ResponseEventFormat : OpenAiEventFormat
{
    public override void BeginMessage(IBufferWriter<byte> output, long id, StreamRecord record)
    {
        var type = TypeOf(record.Bytes.Span);
        if (!type.IsEmpty)
        {
            output.Write("event: "u8);
            output.Write(type);
            output.Write("\n"u8);
        }

        base.BeginMessage(output, id, record);
    }

    // A comment, as nothing is to follow the model's last event.
    public override void BeginLast(IBufferWriter<byte> output, long id, bool failed) => output.Write(failed ? ErrorEvent : ":"u8);

    // Empty when the event has none, or one that is no plain word.
    private static ReadOnlySpan<byte> TypeOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("type"u8))
                {
                    return reader.Read() && reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped ? reader.ValueSpan : default;
                }
            }
        }
        catch (JsonException)
        {
            // The model's own; a client sees what it sent.
        }

        return default;
    }
}
