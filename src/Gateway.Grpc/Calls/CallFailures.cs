using System.Globalization;

namespace Gateway.Grpc.Calls;

/// <summary>How a call can end without a status of the upstream's own. Fixed sentences: nothing of a request is repeated in them.</summary>
internal static class CallFailures
{
    public static readonly GrpcStatus CancelledByCaller = new(GrpcStatusCode.Cancelled, "the call was cancelled by its caller");

    public static readonly GrpcStatus NoTimeLeft = new(GrpcStatusCode.DeadlineExceeded, "the deadline passed before the call was sent");

    public static readonly GrpcStatus Disposed = new(GrpcStatusCode.Cancelled, "the call was disposed before it ended");

    public static readonly GrpcStatus NoMessage = new(GrpcStatusCode.Internal, "the upstream answered OK without a message");

    public static readonly GrpcStatus NotGrpc = new(GrpcStatusCode.Unknown, "the upstream answered with a content type that is not gRPC");

    public static readonly GrpcStatus NoStatus = new(GrpcStatusCode.Unknown, "the upstream ended the call without a status");

    public static readonly GrpcStatus BadStatus = new(GrpcStatusCode.Unknown, "the upstream ended the call with a status that is not a number");

    public static readonly GrpcStatus TooManyMessages = new(GrpcStatusCode.Internal, "the upstream answered with more than one message");

    public static GrpcStatus DeadlineExceeded(TimeSpan limit) => new(
        GrpcStatusCode.DeadlineExceeded, string.Create(CultureInfo.InvariantCulture, $"the call did not end within its {limit.TotalSeconds:0.###} s"));

    /// <summary>As long as the caller may send more, the upstream may be waiting for it.</summary>
    public static GrpcStatus NoMessageEitherWay(TimeSpan limit) => new(
        GrpcStatusCode.DeadlineExceeded, string.Create(CultureInfo.InvariantCulture, $"neither side sent a message within {limit.TotalSeconds:0.###} s"));

    public static GrpcStatus NoFirstMessage(TimeSpan limit) => new(
        GrpcStatusCode.DeadlineExceeded, string.Create(CultureInfo.InvariantCulture, $"the upstream sent no message within {limit.TotalSeconds:0.###} s"));

    public static GrpcStatus NoNextMessage(TimeSpan limit) => new(
        GrpcStatusCode.DeadlineExceeded, string.Create(CultureInfo.InvariantCulture, $"the upstream sent no further message within {limit.TotalSeconds:0.###} s"));
}
