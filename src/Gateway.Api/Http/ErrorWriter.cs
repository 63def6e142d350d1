using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Clarifai.Api.Status;
using Gateway.Api.Errors;
using Gateway.Api.Logging;

namespace Gateway.Api.Http;

/// <summary>Writes the gateway's own answers, in the shape that their endpoint has for them.</summary>
internal static class ErrorWriter
{
    // For people to read; it is JSON in a body of its own type, never inside of HTML.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static readonly ApiError Success = new(StatusCodes.Status200OK, (int)StatusCode.Success, "Ok", "");

    /// <summary>Answers a request with an error.</summary>
    public static async Task WriteAsync(HttpContext http, ApiError error)
    {
        var response = http.Response;
        response.StatusCode = error.HttpStatus;
        response.ContentType = "application/json";
        response.Headers.RetryAfter = StatusMap.RetryAfter(error.HttpStatus, error.RetryAfter);
        response.Headers.WWWAuthenticate = error.Challenge;
        if (error.HttpStatus == StatusCodes.Status413PayloadTooLarge && HttpProtocol.IsHttp11(http.Request.Protocol))
        {
            // The rest of the body is not read; a connection with unread bytes in it cannot serve another request. HTTP/2 has streams for
            // that.
            response.Headers.Connection = "close";
        }

        var shape = ErrorShape.Of(http);
        await shape.PrepareAsync(http);
        using (var json = Begin(http, response.BodyWriter, error))
        {
            shape.WriteBody(http, json, error);
            json.Flush();

            // Not what is unflushed: of a connection that broke, that is nothing.
            response.ContentLength = json.BytesCommitted;
        }

        await ResponseFlow.FlushAsync(http);
    }

    /// <summary>
    /// Answers a request with an error, unless its answer has begun: a cut answer must not look like a whole one, so then its connection is
    /// broken.
    /// </summary>
    public static Task FailAsync(HttpContext http, ApiError error)
    {
        if (!http.Response.HasStarted)
        {
            return WriteAsync(http, error);
        }

        http.Abort();
        return Task.CompletedTask;
    }

    /// <summary>Writes what the record that ends a stream holds.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="error">Why the stream failed; null when it ended well.</param>
    public static void WriteLast(HttpContext http, IBufferWriter<byte> output, ApiError? error)
    {
        using var json = Begin(http, output, error ?? Success);
        ErrorShape.Of(http).WriteLast(http, json, error);
    }

    /// <summary>The API's body of an error, where there is no request that it could answer.</summary>
    public static byte[] Text(ApiError error, string requestId)
    {
        var text = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(text, Readable);
        json.WriteStartObject();
        StatusShape.WriteStatus(requestId, json, error);
        json.WriteEndObject();
        json.Flush();
        return text.WrittenSpan.ToArray();
    }

    private static Utf8JsonWriter Begin(HttpContext http, IBufferWriter<byte> output, ApiError error)
    {
        http.Features.Get<RequestRecord>()?.Outcome = error.Code;
        return new Utf8JsonWriter(output, Readable);
    }
}
