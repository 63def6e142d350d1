using Grpc.Core;

namespace Gateway.Core.Upstream.Failures;

/// <summary>
/// Tells apart what the gRPC client reports in one form: the upstream's own status, what the client found wrong with an answer, and what
/// the connection threw. The client's texts hold exceptions' and so never go on; where only a text tells, it is the client's own and fixed.
/// </summary>
internal static class ClientFailure
{
    // What Grpc.Net.Client says; OddPeerTests, MessageLimitTests and CompressionTests see that it still does.
    private const string MessageTooLarge = "Received message exceeds the maximum configured message size.";
    private const string NoStatus = "No grpc-status found on response.";
    private const string NoMessage = "Failed to deserialize response message.";
    private const string NoEncoding = "Request did not include grpc-encoding value with compressed message.";
    private const string IdentityEncoding = "Request sent 'identity' grpc-encoding value with compressed message.";
    private const string UnknownEncoding = "Unsupported grpc-encoding value";
    private const string TruncatedMessage = "Unexpected end of content";
    private const string FurtherMessage = "Unexpected data after finished reading message.";
    private const string BadFlag = "Unexpected compressed flag value in message header.";
    private const string BadLength = "Message too large.";

    /// <summary>The outcome for a status that no cancellation of the call explains.</summary>
    /// <param name="status">The client's status.</param>
    /// <param name="maxMessageBytes">The limit of messages, for those over it.</param>
    public static CallOutcome ToOutcome(Status status, int maxMessageBytes) => status.DebugException switch
    {
        null => OfStatus(status, maxMessageBytes),
        CallFailedException failed => failed.Outcome,
        InvalidDataException broken => OfMessage(broken.Message, maxMessageBytes),
        FormatException => CallFailures.BadMetadata,
        InvalidOperationException and not ObjectDisposedException => CallFailures.BadStatus,
        OperationCanceledException => CallFailures.Disposed,
        var exception => TransportFailure.ToOutcome(exception),
    };

    private static CallOutcome OfStatus(Status status, int maxMessageBytes) => status.StatusCode switch
    {
        StatusCode.ResourceExhausted when status.Detail == MessageTooLarge => CallFailures.ReceivedTooLarge(maxMessageBytes),
        StatusCode.Cancelled when status.Detail == NoStatus => CallFailures.NoStatus,
        StatusCode.Internal when status.Detail.StartsWith(NoMessage, StringComparison.Ordinal) => CallFailures.NoMessage,
        StatusCode.Internal when status.Detail is NoEncoding or IdentityEncoding => CallFailures.NoEncoding,
        StatusCode.Unimplemented when status.Detail.StartsWith(UnknownEncoding, StringComparison.Ordinal) => CallFailures.NoEncoding,
        < StatusCode.OK => CallFailures.BadStatus,
        <= StatusCode.Unauthenticated => new CallOutcome(status.StatusCode, status.Detail),
        _ => new CallOutcome(StatusCode.Unknown, status.Detail),
    };

    private static CallOutcome OfMessage(string text, int maxMessageBytes) => text switch
    {
        FurtherMessage => CallFailures.TooManyMessages,
        BadFlag => CallFailures.BadPrefix,
        BadLength => CallFailures.ReceivedTooLarge(maxMessageBytes),
        _ when text.StartsWith(TruncatedMessage, StringComparison.Ordinal) => CallFailures.Truncated,
        _ => CallFailures.BrokenGzip,
    };
}
