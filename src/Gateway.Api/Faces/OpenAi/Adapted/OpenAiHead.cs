using System.Buffers;
using System.Text.Json;
using Gateway.Api.Models;

namespace Gateway.Api.Faces.OpenAi.Adapted;

/// <summary>What all objects of one answer begin with, written once.</summary>
internal sealed class OpenAiHead
{
    private readonly byte[] _bytes;

    /// <summary>Writes it.</summary>
    /// <param name="id">The answer's id.</param>
    /// <param name="kind">What the objects are.</param>
    /// <param name="created">When the answer began.</param>
    /// <param name="model">What the client calls the model.</param>
    public OpenAiHead(string id, string kind, DateTimeOffset created, string model)
    {
        var head = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(head, JsonAnswer.Options);
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        json.WriteString("object"u8, kind);
        json.WriteNumber("created"u8, created.ToUnixTimeSeconds());
        json.WriteString("model"u8, model);
        json.Flush();
        head.Write(","u8);
        _bytes = head.WrittenSpan.ToArray();
    }

    /// <summary>Begins an object, in place of the one before.</summary>
    public void Begin(ArrayBufferWriter<byte> json)
    {
        json.ResetWrittenCount();
        json.Write(_bytes);
    }
}
