using System.Text.Json;
using Gateway.Api.Errors;

namespace Gateway.Api.Http;

/// <summary>
/// How the gateway's own answers look. An endpoint chooses in its metadata; where it does not, they look as the API's own.
/// </summary>
internal abstract class ErrorShape
{
    private static readonly StatusShape Api = new();

    /// <summary>The shape that a request's endpoint has chosen.</summary>
    public static ErrorShape Of(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<ErrorShape>() ?? Api;

    /// <summary>Finds what the body of an error needs to know of the request.</summary>
    public virtual ValueTask PrepareAsync(HttpContext http) => ValueTask.CompletedTask;

    /// <summary>Writes the body of an error, which was prepared.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="failure">The error.</param>
    public abstract void WriteBody(HttpContext http, Utf8JsonWriter json, ApiError failure);

    /// <summary>Writes what the last record of a stream holds.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="failure">Why the stream failed; null when it ended well.</param>
    public abstract void WriteLast(HttpContext http, Utf8JsonWriter json, ApiError? failure);
}
