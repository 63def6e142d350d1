using Gateway.Grpc.Calls;

namespace Gateway.Grpc;

/// <summary>
/// A call with any number of messages both ways. One read and one write may run at the same time; dispose it, also before its end: that
/// resets the stream.
/// </summary>
public sealed class DuplexStream : IAsyncDisposable
{
    private readonly Call _call;
    private readonly StreamingContent _content;

    internal DuplexStream(Call call, StreamingContent content)
    {
        _call = call;
        _content = content;
    }

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

    /// <summary>
    /// Whether the next messages are sent with gzip, to be changed between writes. It begins as the call's options say; without
    /// <see cref="CallOptions.CompressRequest"/> there it stays false.
    /// </summary>
    public bool CompressRequest
    {
        get => _content.Gzip;
        set => _content.Gzip = value;
    }

    /// <summary>
    /// Sends a message; its bytes stay the caller's, and must not change until the returned task completes.
    /// False: the call has ended or is failing, and reading says how.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller's own token fired, which cancels the call.</exception>
    /// <exception cref="InvalidOperationException">The request was completed.</exception>
    public ValueTask<bool> WriteAsync(GrpcMessage message, CancellationToken cancellationToken = default) =>
        _call.WriteAsync(_content, message, cancellationToken);

    /// <summary>Says that no more messages follow.</summary>
    public ValueTask CompleteAsync()
    {
        _content.Complete();
        return ValueTask.CompletedTask;
    }

    /// <summary>Waits for the response's headers; empty when the call ends without them.</summary>
    /// <exception cref="OperationCanceledException">The caller's own token fired, which cancels the call.</exception>
    public ValueTask<Metadata> ReadHeadersAsync(CancellationToken cancellationToken = default) => _call.ReadHeadersAsync(cancellationToken);

    /// <summary>Reads the next message, which the caller owns; null when the call has ended, and then its status is known.</summary>
    /// <exception cref="OperationCanceledException">The caller's own token fired, which cancels the call.</exception>
    public ValueTask<Payload?> ReadAsync(CancellationToken cancellationToken = default) => _call.ReadAsync(cancellationToken);

    /// <summary>Cancels the call if it still runs.</summary>
    public ValueTask DisposeAsync() => _call.DisposeAsync();
}
