using System.Buffers;
using System.Text;
using System.Text.Json;
using Gateway.Api.Memory;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Faces.Mcp;

/// <summary>The one JSON-RPC request that a POST brought; errors repeat its id.</summary>
/// <param name="Id">
/// The JSON of the id, a text or a number, as it came; null when the POST brought several messages, or none to answer.
/// </param>
internal sealed record AnsweredRequest(string? Id)
{
    /// <summary>None, or one that nobody can read.</summary>
    public static readonly AnsweredRequest None = new(Id: null);

    // What is looked at of a text that is refused, which anybody may send.
    private const int MaxBeginning = 64 * 1024;

    // It may be its depth that is refused.
    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = MaxBeginning };

    /// <summary>The request of a body that was read.</summary>
    public static AnsweredRequest Of(McpBody body) =>
        body is { IsBatch: false, Messages: [{ IsRequest: true, Id: { } id }] } ? new AnsweredRequest(id) : None;

    /// <summary>The request of a text that is no valid message, or only the beginning of one.</summary>
    /// <param name="text">The text; of a long one, the beginning counts.</param>
    /// <param name="isWhole">Whether it has its end.</param>
    public static AnsweredRequest In(in ReadOnlySequence<byte> text, bool isWhole)
    {
        try
        {
            var isLong = text.Length > MaxBeginning;
            var beginning = isLong ? text.Slice(0, MaxBeginning) : text;
            var reader = new Utf8JsonReader(beginning, isWhole && !isLong, new JsonReaderState(AnyDepth));
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject ? In(ref reader, beginning) : None;
        }
        catch (JsonException)
        {
            return None;
        }
    }

    /// <summary>
    /// Finds the request of a POST that is refused before anybody has read its body: at the body's beginning, which is not asked for where
    /// the client waits to be asked.
    /// </summary>
    public static async ValueTask FindAsync(HttpContext http)
    {
        var request = http.Request;
        if (http.Features.Get<AnsweredRequest>() is not null || !HttpMethods.IsPost(request.Method) || request.Headers.Expect.Count > 0)
        {
            return;
        }

        http.Features.Set(None);
        try
        {
            LiftServerLimit(http);
            var read = await request.BodyReader.ReadAtLeastAsync(MaxBeginning, http.RequestAborted);
            http.Features.Set(In(read.Buffer, read.IsCompleted));
            request.BodyReader.AdvanceTo(read.Buffer.End);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or BodyRefusedException)
        {
            // It is refused as it is.
        }
    }

    /// <summary>Has the server hand on what comes of a body that is too long: who reads it has limits.</summary>
    public static void LiftServerLimit(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }
    }

    /// <summary>Begins a JSON-RPC response, up to its id.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="id">The JSON of the id; null when no one request is answered.</param>
    public static void Begin(Utf8JsonWriter json, string? id)
    {
        json.WriteStartObject();
        json.WriteString("jsonrpc"u8, "2.0"u8);
        json.WritePropertyName("id"u8);
        json.WriteRawValue(id ?? "null", skipInputValidation: true);
    }

    // An answer of the client's own is not answered.
    private static AnsweredRequest In(ref Utf8JsonReader reader, in ReadOnlySequence<byte> text)
    {
        var found = None; // what is cut off may hold it
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("result"u8) || reader.ValueTextEquals("error"u8))
            {
                return None;
            }

            var isId = reader.ValueTextEquals("id"u8);
            if (!reader.Read())
            {
                break;
            }

            var start = reader.TokenStartIndex;
            if (!reader.TrySkip())
            {
                break;
            }

            if (isId && reader.TokenType is (JsonTokenType.String or JsonTokenType.Number))
            {
                found = new AnsweredRequest(Encoding.UTF8.GetString(text.Slice(start, reader.BytesConsumed - start)));
            }
        }

        return found;
    }
}
