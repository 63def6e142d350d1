using System.Net.Sockets;
using Gateway.Core.Upstream.Connections;
using Grpc.Core;

namespace Gateway.Core.Upstream.Failures;

/// <summary>
/// Turns what the HTTP/2 connection throws into a status. Sentences are fixed: exception texts may hold what is nobody's business.
/// </summary>
internal static class TransportFailure
{
    private static readonly CallOutcome Closed =
        new(StatusCode.Unavailable, "the upstream closed the connection") { IsConnectionFailure = true };

    private static readonly CallOutcome StoppedAnswering =
        new(StatusCode.Unavailable, "the upstream stopped answering: the connection was given up") { IsConnectionFailure = true };

    private static readonly CallOutcome BrokeProtocol =
        new(StatusCode.Internal, "the upstream broke the HTTP/2 protocol") { IsConnectionFailure = true };

    private static readonly CallOutcome Refused =
        new(StatusCode.Unavailable, "the upstream refused the call") { IsUnprocessed = true };

    // The code is for what the client can change: it is neither throttled nor is the upstream away, and again would not help.
    private static readonly CallOutcome MetadataTooLarge =
        new(StatusCode.InvalidArgument, "the call's metadata is larger than the upstream accepts");

    // One field that is too large, and many that are together, are told by two types, one of them not public; the text is the same.
    private const string TooLargeHeaders = "headers length exceeded the set limit";

    // The handler gives its connection up for it. That is this side's choice, so the address is not to blame, and again would not help.
    private static readonly CallOutcome HeadersTooLarge =
        new(StatusCode.ResourceExhausted, "the upstream's headers or trailers are larger than accepted") { IsOverSizeLimit = true };

    /// <summary>Whether an exception is a failure of the connection or a cancellation, and no fault of this library's user.</summary>
    public static bool Covers(Exception exception) =>
        exception is HttpRequestException or IOException or OperationCanceledException or SocketException or ObjectDisposedException;

    /// <summary>Whether a connection that was open broke, other than one that could not be made.</summary>
    public static bool IsLostConnection(Exception exception) =>
        Covers(exception) && ToOutcome(exception) is { IsConnectionFailure: true, IsUnprocessed: false };

    /// <summary>The status for an exception that <see cref="Covers"/> takes and no cancellation of the call explains.</summary>
    public static CallOutcome ToOutcome(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case RequestRefusedException: return Refused;
                case HandshakeException handshake: return Unreachable(handshake.Message);
                case { Message: var text } when text.Contains(TooLargeHeaders, StringComparison.Ordinal): return HeadersTooLarge;
                case HttpProtocolException protocol: return FromProtocol(protocol);
                case TlsException tls: return Unreachable("the TLS handshake failed") with { Cause = tls.Message };
                case SocketException socket: return FromSocket(exception, socket.SocketErrorCode);
                case ObjectDisposedException: return new CallOutcome(StatusCode.Unavailable, "the channel was disposed");
                case TimeoutException: return Unreachable("connecting timed out");
            }
        }

        if (ExceedsHeaderLimit(exception))
        {
            return MetadataTooLarge;
        }

        return FromError((exception as HttpRequestException)?.HttpRequestError ?? (exception as HttpIOException)?.HttpRequestError);
    }

    // One exception tells of resets, of GOAWAY and of what the handler itself finds wrong: only its text keeps them apart, in English
    // always.
    private static CallOutcome FromProtocol(HttpProtocolException exception)
    {
        var text = exception.Message;
        if (text.Contains("ping request", StringComparison.Ordinal))
        {
            return StoppedAnswering;
        }

        if (text.Contains("closed the connection", StringComparison.Ordinal))
        {
            return Http2ErrorCode.GoAway(exception.ErrorCode);
        }

        if (text.Contains("invalid data", StringComparison.Ordinal))
        {
            return BrokeProtocol;
        }

        return Http2ErrorCode.Reset(exception.ErrorCode);
    }

    // The peer's SETTINGS_MAX_HEADER_LIST_SIZE (RFC 9113, section 6.5.2): again only the text tells.
    private static bool ExceedsHeaderLimit(Exception exception) =>
        exception is HttpRequestException { InnerException: null }
            && exception.Message.Contains("headers length exceeded", StringComparison.Ordinal);

    private static CallOutcome FromError(HttpRequestError? error) => error switch
    {
        HttpRequestError.NameResolutionError => Unreachable("host not found"),
        HttpRequestError.ConnectionError => Unreachable("connection failed"),
        HttpRequestError.VersionNegotiationError => Unreachable("it does not speak HTTP/2"),
        HttpRequestError.HttpProtocolError or HttpRequestError.InvalidResponse => BrokeProtocol,
        _ => Closed,
    };

    private static CallOutcome FromSocket(Exception exception, SocketError error)
    {
        var connecting = exception is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
        };
        if (connecting)
        {
            return Unreachable(Words(error));
        }

        return error == SocketError.TimedOut ? StoppedAnswering : Closed;
    }

    private static string Words(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.ConnectionReset => "connection reset",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "host not found",
        SocketError.HostUnreachable => "host unreachable",
        SocketError.NetworkUnreachable => "network unreachable",
        SocketError.TimedOut => "connecting timed out",
        _ => "connection failed",
    };

    private static CallOutcome Unreachable(string why) =>
        new(StatusCode.Unavailable, "upstream unreachable: " + why) { IsConnectionFailure = true, IsUnprocessed = true };
}
