using System.Runtime.InteropServices;
using System.Text.Json;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Transcoding;
using Gateway.Core.Wire;
using Google.Protobuf;

namespace Gateway.Core.Methods.Values;

/// <summary>Whole messages inside of other JSON, in the API's dialect. Thread-safe.</summary>
/// <param name="schema">The API.</param>
/// <param name="limits">What a message may hold.</param>
public sealed class MessageJson(ApiSchema schema, JsonLimits limits)
{
    /// <summary>Merges JSON into a message.</summary>
    /// <returns>Why it is no such message; null when it is.</returns>
    public JsonError? Read(JsonElement json, IMessage message)
    {
        using var wire = new WireWriter();
        using var reader = new JsonToProto(limits);
        reader.Begin(schema.Message(message.Descriptor), wire);
        if (reader.Feed(JsonMarshal.GetRawUtf8Value(json)) && reader.Complete())
        {
            message.MergeFrom(wire.Written);
        }

        return reader.Error;
    }

    /// <summary>Writes a message, or null where JSON cannot say it: a timestamp out of range.</summary>
    public void Write(IMessage message, Utf8JsonWriter json)
    {
        using var text = new WireWriter();
        using var writer = new ProtoToJson(limits);
        writer.Begin(schema.Message(message.Descriptor), message.ToByteArray());
        while (!writer.Continue(text))
        {
            // All of it goes into the buffer.
        }

        if (writer.Error is null)
        {
            json.WriteRawValue(text.Written, skipInputValidation: true);
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
