using Gateway.Grpc.Calls;

namespace Gateway.Grpc;

/// <summary>
/// A call with any number of request messages and one response. One write at a time; dispose it, also before its end: that resets the stream.
/// </summary>
public sealed class ClientStream : IAsyncDisposable
{
    private readonly Call _call;
    private readonly StreamingContent _content;

    internal ClientStream(Call call, StreamingContent content)
    {
        _call = call;
        _content = content;
    }

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
    /// False: the call has ended, and the response says how.
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

    /// <summary>Waits for the response, which may come before the request is complete; to be called once.</summary>
    /// <exception cref="OperationCanceledException">The caller's own token fired, which cancels the call.</exception>
    public ValueTask<UnaryResult> ReadResponseAsync(CancellationToken cancellationToken = default) => _call.ReadSingleAsync(cancellationToken);

    /// <summary>Cancels the call if it still runs.</summary>
    public ValueTask DisposeAsync() => _call.DisposeAsync();
}
