using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Api.Http;
using Gateway.Api.Logging;
using Gateway.Core.Wire;

namespace Gateway.Api.Models;

/// <summary>Answers whose JSON only code knows.</summary>
internal static class JsonAnswer
{
    /// <summary>For people to read; it is JSON in a body of its own type, never inside of HTML.</summary>
    public static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    // Of one character, a surrogate pair: \ud83d\ude00.
    private const int LongestEscape = 12;

    /// <summary>Answers a request with success.</summary>
    /// <param name="write">Writes the body.</param>
    public static async Task WriteAsync(HttpContext http, Action<Utf8JsonWriter> write)
    {
        using var body = new WireWriter();
        await using (var json = new Utf8JsonWriter(body, Options))
        {
            write(json);
        }

        await WriteAsync(http, body.Written);
    }

    /// <summary>Answers a request with success.</summary>
    /// <param name="body">The body, which goes out piece by piece.</param>
    public static async Task WriteAsync(HttpContext http, ReadOnlySequence<byte> body)
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        RequestRecord.Of(http).Outcome = (int)Clarifai.Api.Status.StatusCode.Success;
        foreach (var piece in body)
        {
            http.Response.BodyWriter.Write(piece.Span);
            await ResponseFlow.FlushAsync(http, http.RequestAborted);
        }
    }

    /// <summary>Writes text as the content of a JSON string. What is not UTF-8 becomes U+FFFD.</summary>
    public static void WriteText(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        while (!text.IsEmpty)
        {
            Options.Encoder!.EncodeUtf8(text, output.GetSpan(text.Length + LongestEscape), out var read, out var written);
            output.Advance(written);
            text = text[read..];
        }
    }

    /// <summary>Answers a request with success.</summary>
    public static Task WriteAsync(HttpContext http, JsonNode body) => WriteAsync(http, json => body.WriteTo(json));
}
