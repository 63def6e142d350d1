using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Clarifai.Api.Status;
using Gateway.Api.Calls;

namespace Gateway.Api.Errors;

/// <summary>Writes the gateway's own answers in the API's body shape: <c>{"status":{"code","description","details","req_id"}}</c>.</summary>
public static class ErrorWriter
{
    // For people to read; it is JSON in a body of its own type, never inside of HTML.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Answers a request with an error.</summary>
    public static async Task WriteAsync(HttpContext http, ApiError error)
    {
        var response = http.Response;
        response.StatusCode = error.HttpStatus;
        response.ContentType = "application/json";
        response.Headers.RetryAfter = StatusMap.RetryAfter(error.HttpStatus);
        response.Headers.WWWAuthenticate = error.Challenge;
        if (error.HttpStatus == StatusCodes.Status413PayloadTooLarge)
        {
            // The rest of the body is not read; a connection with unread bytes in it cannot serve another request.
            response.Headers.Connection = "close";
        }

        WriteBody(http, response.BodyWriter, error);
        response.ContentLength = response.BodyWriter.UnflushedBytes;
        await CallRecord.FlushAsync(http);
    }

    /// <summary>Writes an error's body and notes it for the request log.</summary>
    public static void WriteBody(HttpContext http, IBufferWriter<byte> output, ApiError error) =>
        Write(http, output, error.Code, error.Description, error.Details);

    /// <summary>Writes the body that ends a stream well.</summary>
    public static void WriteSuccess(HttpContext http, IBufferWriter<byte> output) =>
        Write(http, output, (int)StatusCode.Success, "Ok", "");

    private static void Write(HttpContext http, IBufferWriter<byte> output, int code, string description, string details)
    {
        http.Features.Get<CallRecord>()?.Outcome = code;
        using var json = new Utf8JsonWriter(output, Readable);
        json.WriteStartObject();
        json.WriteStartObject("status"u8);
        json.WriteNumber("code"u8, code);
        json.WriteString("description"u8, description);
        if (details.Length > 0)
        {
            json.WriteString("details"u8, details);
        }

        json.WriteString("req_id"u8, http.TraceIdentifier);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
