using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Gateway.Api.Faces.Mcp.Transport;

/// <summary>
/// The text that a model answers to a request: its bare result, which is an object, or a whole JSON-RPC response, which has <c>jsonrpc</c>
/// and a result or an error (JSON-RPC 2.0, 5). Clarifai's SDK answers the former, and the latter for failures. Either goes on byte for
/// byte, as a response that has the request's id.
/// </summary>
internal sealed class ModelReply
{
    private readonly ReadOnlyMemory<byte> _text;

    // What the id is written instead of: its value, or nothing behind the brace of a response that has none.
    private readonly Range _id;
    private readonly bool _hasId;
    private readonly bool _isResponse;

    private ModelReply(ReadOnlyMemory<byte> text, bool isResponse, bool isError, Range id, bool hasId)
    {
        _text = text;
        _isResponse = isResponse;
        IsError = isError;
        _id = id;
        _hasId = hasId;
    }

    /// <summary>Whether it is a response that says what went wrong.</summary>
    public bool IsError { get; }

    /// <summary>Reads a text.</summary>
    /// <param name="text">UTF-8, which has to live as long as the reply.</param>
    /// <returns>Null when it is neither a result nor a response.</returns>
    public static ModelReply? Read(ReadOnlyMemory<byte> text)
    {
        try
        {
            return ReadObject(text);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null; // the latter of a name with half a surrogate pair
        }
    }

    /// <summary>Writes the response.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="id">The JSON of the request's id.</param>
    public void Write(IBufferWriter<byte> output, string id)
    {
        if (!_isResponse)
        {
            output.Write("{\"jsonrpc\":\"2.0\",\"id\":"u8);
            Encoding.UTF8.GetBytes(id, output);
            output.Write(",\"result\":"u8);
            output.Write(_text.Span);
            output.Write("}"u8);
            return;
        }

        output.Write(_text.Span[.._id.Start]);
        output.Write(_hasId ? ""u8 : "\"id\":"u8);
        Encoding.UTF8.GetBytes(id, output);
        output.Write(_hasId ? ""u8 : ","u8);
        output.Write(_text.Span[_id.End..]);
    }

    private static ModelReply? ReadObject(ReadOnlyMemory<byte> text)
    {
        var json = new Utf8JsonReader(text.Span);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        var behindBrace = (int)json.BytesConsumed;
        var (isResponse, hasResult, hasError, hasId) = (false, false, false, false);
        var id = behindBrace..behindBrace;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            isResponse |= json.ValueTextEquals("jsonrpc"u8);
            hasResult |= json.ValueTextEquals("result"u8);
            hasError |= json.ValueTextEquals("error"u8);
            var isId = json.ValueTextEquals("id"u8);
            json.Read();
            var start = (int)json.TokenStartIndex;
            json.Skip();
            if (isId)
            {
                id = start..(int)json.BytesConsumed;
                hasId = true;
            }
        }

        // Nothing may stand behind it, and what calls itself a response has to be one.
        return json.Read() || (isResponse && !hasResult && !hasError)
            ? null
            : new ModelReply(text, isResponse, isResponse && hasError, id, hasId);
    }
}
