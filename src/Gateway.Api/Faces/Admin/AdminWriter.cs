using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Api.Http;

namespace Gateway.Api.Faces.Admin;

/// <summary>Writes answers of the admin API.</summary>
internal static class AdminWriter
{
    // For people to read; it is JSON in a body of its own type, never inside of HTML.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes an answer.</summary>
    public static Task WriteAsync(HttpContext http, AdminAnswer answer)
    {
        if (answer.Problem is { } problem)
        {
            return WriteAsync(http, problem);
        }

        var headers = http.Response.Headers;
        http.Response.StatusCode = answer.Status;
        headers.ETag = answer.Version is { } version ? AdminAnswer.TagOf(version) : default;
        headers.Location = answer.Location;
        headers["Idempotent-Replayed"] = answer.IsRepeated ? "true" : default;
        return answer.WriteAsync is { } write ? write(http)
            : answer.Body is { } body ? WriteAsync(http, body, BodyType.Json)
            : Task.CompletedTask;
    }

    /// <summary>Writes a problem.</summary>
    public static Task WriteAsync(HttpContext http, AdminProblem problem)
    {
        var response = http.Response;
        response.StatusCode = problem.Status;
        response.Headers.RetryAfter = problem.RetryAfter?.ToString(CultureInfo.InvariantCulture);
        response.Headers.WWWAuthenticate = problem.Status == StatusCodes.Status401Unauthorized ? "Bearer, Key" : default;
        if (problem.Status == StatusCodes.Status413PayloadTooLarge && HttpProtocol.IsHttp11(http.Request.Protocol))
        {
            response.Headers.Connection = "close"; // the rest of the body is not read
        }

        return WriteAsync(http, problem.ToJson(http), AdminProblem.MediaType);
    }

    /// <summary>Begins JSON in an answer's body.</summary>
    public static Utf8JsonWriter Begin(HttpContext http) => new(http.Response.BodyWriter, Readable);

    private static async Task WriteAsync(HttpContext http, JsonObject body, string type)
    {
        http.Response.ContentType = type;
        await using (var json = Begin(http))
        {
            body.WriteTo(json);
            await json.FlushAsync(http.RequestAborted);
            http.Response.ContentLength = json.BytesCommitted;
        }

        await ResponseFlow.FlushAsync(http, http.RequestAborted);
    }
}
