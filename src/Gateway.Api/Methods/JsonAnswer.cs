using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Api.Calls;
using Gateway.Core.Wire;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Methods;

/// <summary>Answers whose JSON only code knows.</summary>
internal static class JsonAnswer
{
    /// <summary>For people to read; it is JSON in a body of its own type, never inside of HTML.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Answers a request with success.</summary>
    /// <param name="http">The request.</param>
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
    /// <param name="http">The request.</param>
    /// <param name="body">The body, which goes out piece by piece.</param>
    public static async Task WriteAsync(HttpContext http, ReadOnlySequence<byte> body)
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        http.Features.GetRequiredFeature<CallRecord>().Outcome = (int)Clarifai.Api.Status.StatusCode.Success;
        foreach (var piece in body)
        {
            http.Response.BodyWriter.Write(piece.Span);
            await CallRecord.FlushAsync(http, http.RequestAborted);
        }
    }

    /// <summary>Answers a request with success.</summary>
    public static Task WriteAsync(HttpContext http, JsonNode body) => WriteAsync(http, json => body.WriteTo(json));
}
