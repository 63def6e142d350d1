using System.Globalization;
using Grpc.Core;

namespace Gateway.Core.Upstream.Failures;

/// <summary>How a call can end without a status of the upstream's own. Fixed sentences: nothing of a request is repeated in them.</summary>
internal static class CallFailures
{
    public static readonly CallOutcome CancelledByCaller = new(StatusCode.Cancelled, "the call was cancelled by its caller");

    public static readonly CallOutcome NoTimeLeft = new(
        StatusCode.DeadlineExceeded, "the deadline passed before the call was sent")
    { TellsNothing = true };

    public static readonly CallOutcome ShuttingDown = new(StatusCode.Unavailable, "the gateway is shutting down")
    {
        IsShutdown = true,
        TellsNothing = true,
    };

    public static readonly CallOutcome Disposed = new(StatusCode.Cancelled, "the call was disposed before it ended");

    public static readonly CallOutcome NoMessage = new(StatusCode.Internal, "the upstream answered OK without a message");

    public static readonly CallOutcome NoMemory = new(
        StatusCode.ResourceExhausted, "there is no memory for the upstream's answer now")
    { IsOutOfMemory = true };

    public static readonly CallOutcome NotGrpc = new(StatusCode.Unknown, "the upstream answered with a content type that is not gRPC");

    public static readonly CallOutcome NoStatus = new(StatusCode.Unknown, "the upstream ended the call without a status");

    public static readonly CallOutcome BadStatus = new(
        StatusCode.Unknown, "the upstream ended the call with a status that is not a number");

    public static readonly CallOutcome BadMetadata = new(
        StatusCode.Internal, "the upstream answered with binary metadata that is not base64");

    public static readonly CallOutcome BadPrefix = new(StatusCode.Internal, "received a message prefix that is not gRPC's");

    public static readonly CallOutcome BrokenGzip = new(StatusCode.Internal, "received a compressed message that is not valid gzip");

    public static readonly CallOutcome NoEncoding = new(
        StatusCode.Internal, "received a compressed message without a supported grpc-encoding");

    public static readonly CallOutcome Truncated = new(StatusCode.Internal, "the stream ended inside a message");

    public static readonly CallOutcome TooManyMessages = new(StatusCode.Internal, "the upstream answered with more than one message");

    public static CallOutcome ReceivedTooLarge(int limit)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"received message is over the limit of {limit} bytes");
        return new CallOutcome(StatusCode.ResourceExhausted, text) { IsOverSizeLimit = true };
    }

    public static CallOutcome DeadlineExceeded(TimeSpan limit) => new(
        StatusCode.DeadlineExceeded, string.Create(
            CultureInfo.InvariantCulture, $"the call did not end within its {limit.TotalSeconds:0.###} s"));

    /// <summary>As long as the caller may send more, the upstream may be waiting for it.</summary>
    public static CallOutcome NoMessageEitherWay(TimeSpan limit) => new(
        StatusCode.DeadlineExceeded, string.Create(
            CultureInfo.InvariantCulture, $"neither side sent a message within {limit.TotalSeconds:0.###} s"))
    {
        TellsNothing = true,
    };

    public static CallOutcome NoFirstMessage(TimeSpan limit) => new(
        StatusCode.DeadlineExceeded, string.Create(
            CultureInfo.InvariantCulture, $"the upstream sent no message within {limit.TotalSeconds:0.###} s"));

    public static CallOutcome NoNextMessage(TimeSpan limit) => new(
        StatusCode.DeadlineExceeded, string.Create(
            CultureInfo.InvariantCulture, $"the upstream sent no further message within {limit.TotalSeconds:0.###} s"));
}
