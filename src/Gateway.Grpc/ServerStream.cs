using Gateway.Grpc.Calls;

namespace Gateway.Grpc;

/// <summary>
/// A call with one request and any number of response messages. One read at a time; dispose it, also before its end: that resets the stream.
/// </summary>
public sealed class ServerStream : IAsyncDisposable
{
    private readonly Call _call;

    internal ServerStream(Call call) => _call = call;

    /// <summary>The response's headers, once a message was read or the call has ended.</summary>
    public Metadata Headers => _call.Headers;

    /// <summary>Whether the response's headers announce compressed messages (<c>grpc-encoding</c>); known when they are.</summary>
    public bool AnnouncesGzip => _call.AnnouncesGzip;

    /// <summary>The status of the call.</summary>
    /// <exception cref="InvalidOperationException">The call has not ended.</exception>
    public GrpcStatus Status => _call.Status;

    /// <summary>The response's trailers; empty when there were none.</summary>
    /// <exception cref="InvalidOperationException">The call has not ended.</exception>
    public Metadata Trailers => _call.Trailers;

    /// <summary>Waits for the response's headers; empty when the call ends without them.</summary>
    /// <exception cref="OperationCanceledException">The caller's own token fired, which cancels the call.</exception>
    public ValueTask<Metadata> ReadHeadersAsync(CancellationToken cancellationToken = default) => _call.ReadHeadersAsync(cancellationToken);

    /// <summary>Reads the next message, which the caller owns; null when the call has ended, and then its status is known.</summary>
    /// <exception cref="OperationCanceledException">The caller's own token fired, which cancels the call.</exception>
    public ValueTask<Payload?> ReadAsync(CancellationToken cancellationToken = default) => _call.ReadAfterRequestAsync(cancellationToken);

    /// <summary>Cancels the call if it still runs.</summary>
    public ValueTask DisposeAsync() => _call.DisposeAsync();
}
