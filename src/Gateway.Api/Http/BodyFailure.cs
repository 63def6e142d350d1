using Gateway.Api.Errors;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Gateway.Api.Http;

/// <summary>What it means that a request's body could not be read to its end: its client left, or sent what is none.</summary>
internal static class BodyFailure
{
    /// <summary>
    /// Whether an exception says that the client left. A body can learn that before the token does: over HTTP/2 by any exception of the
    /// connection's. Over HTTP/1.1 the server has such exceptions for broken framing, too, as for a chunk's size beyond 32 bits.
    /// </summary>
    public static bool IsClientLost(HttpContext http, Exception exception) => exception switch
    {
        OperationCanceledException => http.RequestAborted.IsCancellationRequested,
        BadHttpRequestException => false,
        IOException => exception is ConnectionResetException || http.RequestAborted.IsCancellationRequested || IsHttp2(http),
        _ => false,
    };

    /// <summary>What the client is told of any other exception.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="maxBytes">The most bytes that the body may have.</param>
    public static ApiError Of(IOException exception, long maxBytes) => (exception as BadHttpRequestException)?.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => ApiErrors.BodyTooLarge(maxBytes, null),
        StatusCodes.Status408RequestTimeout => ApiErrors.BodyTooSlow,
        _ => ApiErrors.BodyBroken,
    };

    // Not by the request's protocol: gRPC-Web calls every one HTTP/2.
    private static bool IsHttp2(HttpContext http) => http.Features.Get<IHttp2StreamIdFeature>() is not null;
}
