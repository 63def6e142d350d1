using System.Net.WebSockets;
using Clarifai.Api.Status;
using Gateway.Api.Errors;

namespace Gateway.Api.Streams;

/// <summary>
/// How a WebSocket is closed (RFC 6455, 7.4, and IANA's registry for 1013). Clients that connect again by themselves do so
/// after 1001, 1011 and 1013; the codes for what the client did wrong are others.
/// </summary>
internal static class CloseCode
{
    private const WebSocketCloseStatus TryAgainLater = (WebSocketCloseStatus)1013;

    // A control frame has 125 bytes (RFC 6455, 5.5), and the code takes two of them.
    private const int MaxReasonBytes = 123;

    /// <summary>The code for the end of a stream.</summary>
    /// <param name="error">Why the stream failed; null when it ended well.</param>
    public static WebSocketCloseStatus Of(ApiError? error) => error switch
    {
        null => WebSocketCloseStatus.NormalClosure, // 1000
        _ when error == ApiErrors.ClientLeft => WebSocketCloseStatus.NormalClosure, // 1000: its own wish
        _ when error == ApiErrors.ShuttingDown => WebSocketCloseStatus.EndpointUnavailable, // 1001
        { Code: (int)StatusCode.ConnBadRequestFormat } => WebSocketCloseStatus.InvalidPayloadData, // 1007
        { HttpStatus: StatusCodes.Status413PayloadTooLarge } => WebSocketCloseStatus.MessageTooBig, // 1009
        { HttpStatus: StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable } => TryAgainLater, // 1013
        // 1011
        { HttpStatus: StatusCodes.Status400BadRequest } when !StatusMap.BlamesRequest(error.Code) =>
            WebSocketCloseStatus.InternalServerError,
        // 1008: refused, like any other 4xx
        { HttpStatus: < StatusCodes.Status500InternalServerError } => WebSocketCloseStatus.PolicyViolation,
        _ => WebSocketCloseStatus.InternalServerError, // 1011
    };

    /// <summary>The reason that goes with the code: what the error's code means, as much of it as fits.</summary>
    /// <param name="error">Why the stream failed; null when it ended well.</param>
    public static string ReasonOf(ApiError? error)
    {
        var text = error?.Description ?? "";
        var length = 0;
        var bytes = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if ((bytes += rune.Utf8SequenceLength) > MaxReasonBytes)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }
}
