using System.Buffers;
using System.Runtime.CompilerServices;
using Gateway.Core.Upstream.Balancing;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Failures;
using Grpc.Core;

namespace Gateway.Core.Upstream;

/// <summary>
/// A call with messages both ways, whose end tells whether its address can be reached. One read and one write may run at the same time;
/// dispose it, also before its end: that resets the stream.
/// </summary>
public sealed class UpstreamDuplex : IAsyncDisposable
{
    private readonly Endpoint _endpoint;
    private readonly DuplexStream _stream;

    internal UpstreamDuplex(Endpoint endpoint, DuplexStream stream)
    {
        _endpoint = endpoint;
        _stream = stream;
    }

    /// <summary>The response's headers, once a message was read or the call has ended.</summary>
    public Metadata Headers => _stream.Metadata.Headers;

    /// <summary>How the call ended.</summary>
    /// <exception cref="InvalidOperationException">The call has not ended.</exception>
    public CallOutcome Outcome => _stream.Outcome;

    /// <summary>The response's trailers; empty when there were none.</summary>
    /// <exception cref="InvalidOperationException">The call has not ended.</exception>
    public Metadata Trailers => _stream.Metadata.Trailers;

    /// <summary>
    /// Sends a message; its bytes stay the caller's, and must not change until the returned task completes.
    /// False: the call has ended or is failing, and reading says how.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller's own token fired, which cancels the call.</exception>
    /// <exception cref="InvalidOperationException">The request was completed.</exception>
    public ValueTask<bool> WriteAsync(ReadOnlySequence<byte> message, CancellationToken cancellationToken = default) =>
        _stream.WriteAsync(message, cancellationToken);

    /// <summary>Says that no more messages follow.</summary>
    public ValueTask CompleteAsync() => _stream.CompleteAsync();

    /// <summary>Waits for the response's headers; empty when the call ends without them.</summary>
    /// <exception cref="OperationCanceledException">The caller's own token fired, which cancels the call.</exception>
    public ValueTask<Metadata> ReadHeadersAsync(CancellationToken cancellationToken = default) => _stream.ReadHeadersAsync(cancellationToken);

    /// <summary>Reads the next message, which the caller owns; null when the call has ended, and then its outcome is known.</summary>
    /// <exception cref="OperationCanceledException">The caller's own token fired, which cancels the call.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Payload?> ReadAsync(CancellationToken cancellationToken = default)
    {
        var message = await _stream.ReadAsync(cancellationToken);
        _endpoint.Report(message is null ? _stream.Outcome : CallOutcome.OK);
        return message;
    }

    /// <summary>Cancels the call if it still runs.</summary>
    public ValueTask DisposeAsync()
    {
        _stream.Dispose();
        return ValueTask.CompletedTask;
    }
}
