using System.Net.Sockets;
using System.Security.Authentication;

namespace Gateway.Grpc.Calls;

/// <summary>Turns what the HTTP/2 connection throws into a status. Sentences are fixed: exception texts may hold what is nobody's business.</summary>
internal static class TransportFailure
{
    /// <summary>Whether an exception is a failure of the connection or a cancellation, and no fault of this library's user.</summary>
    public static bool Covers(Exception exception) =>
        exception is HttpRequestException or IOException or OperationCanceledException or SocketException or ObjectDisposedException;

    /// <summary>The status for an exception that <see cref="Covers"/> takes and no cancellation of the call explains.</summary>
    public static GrpcStatus ToStatus(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case HttpProtocolException protocol: return Http2ErrorCode.ToStatus(protocol.ErrorCode);
                case AuthenticationException: return Unavailable("upstream unreachable: the TLS handshake failed");
                case SocketException socket: return FromSocket(exception, socket.SocketErrorCode);
                case ObjectDisposedException: return Unavailable("the channel was disposed");
                case TimeoutException: return Unavailable("upstream unreachable: connecting timed out");
            }
        }

        return FromError((exception as HttpRequestException)?.HttpRequestError ?? (exception as HttpIOException)?.HttpRequestError);
    }

    private static GrpcStatus FromError(HttpRequestError? error) => error switch
    {
        HttpRequestError.NameResolutionError => Unavailable("upstream unreachable: host not found"),
        HttpRequestError.ConnectionError => Unavailable("upstream unreachable: connection failed"),
        HttpRequestError.SecureConnectionError => Unavailable("upstream unreachable: the TLS handshake failed"),
        HttpRequestError.VersionNegotiationError => Unavailable("upstream unreachable: it does not speak HTTP/2"),
        HttpRequestError.HttpProtocolError or HttpRequestError.InvalidResponse =>
            new(GrpcStatusCode.Internal, "the upstream broke the HTTP/2 protocol"),
        HttpRequestError.ConfigurationLimitExceeded =>
            new(GrpcStatusCode.ResourceExhausted, "the upstream's headers are larger than accepted"),
        _ => Unavailable("the upstream closed the connection"),
    };

    private static GrpcStatus FromSocket(Exception exception, SocketError error)
    {
        bool connecting = exception is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError
        };
        return Unavailable(connecting ? "upstream unreachable: " + Words(error) : "the upstream closed the connection");
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

    private static GrpcStatus Unavailable(string message) => new(GrpcStatusCode.Unavailable, message);
}
