using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Gateway.Core.Upstream.Connections;
using Gateway.Core.Upstream.Failures;
using Grpc.Core;

namespace Gateway.Core.Upstream.Calls;

/// <summary>
/// A call with any number of messages both ways. One read and one write may run at the same time; dispose it, also before its end: that
/// resets the stream.
/// </summary>
[SuppressMessage("Naming", "CA1711", Justification = "A stream of messages, as gRPC calls it.")]
internal sealed class DuplexStream(UpstreamChannel channel, AsyncDuplexStreamingCall<RequestMessage, Payload> grpc, CallLimits limits) : IDisposable
{
    private readonly ResponseReader _reader = new(channel, limits, grpc.ResponseStream, () => grpc.ResponseHeadersAsync, grpc.GetTrailers, grpc);
    private bool _isCompleted;

    /// <summary>The response's headers, once a message was read or the call has ended; its trailers, once it has ended.</summary>
    public ResponseMetadata Metadata => _reader.Metadata;

    /// <summary>How the call ended.</summary>
    /// <exception cref="InvalidOperationException">The call has not ended.</exception>
    public CallOutcome Outcome => _reader.Outcome;

    /// <summary>Sends a message; its bytes are the caller's again when the task completes. False: the call has ended or is failing, and reading says how.</summary>
    /// <exception cref="OperationCanceledException">The caller's own token fired, which cancels the call.</exception>
    /// <exception cref="InvalidOperationException">The request was completed.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> WriteAsync(ReadOnlySequence<byte> bytes, CancellationToken cancellationToken)
    {
        if (_isCompleted)
        {
            throw new InvalidOperationException("The request was completed: nothing more can be written.");
        }

        using var registration = limits.CancelWith(cancellationToken);
        var message = new RequestMessage(bytes);
        try
        {
            await grpc.RequestStream.WriteAsync(message, CancellationToken.None);
            limits.NoteSent();
            return true;
        }
        catch (Exception exception) when (exception is RpcException or OperationCanceledException or ObjectDisposedException || TransportFailure.Covers(exception))
        {
            // Whatever it is, even a status of OK when the server has ended first: reading tells.
        }
        finally
        {
            message.Close();
        }

        limits.ThrowIfCancelledByCaller(cancellationToken);
        return false;
    }

    /// <summary>Says that no more messages follow.</summary>
    public async ValueTask CompleteAsync()
    {
        _isCompleted = true;
        limits.NoteCompleted();
        try
        {
            await grpc.RequestStream.CompleteAsync();
        }
        catch (ObjectDisposedException)
        {
            // The call is over.
        }
    }

    /// <summary>Waits for the response's headers; empty when the call ends without them.</summary>
    /// <exception cref="OperationCanceledException">The caller's own token fired, which cancels the call.</exception>
    public ValueTask<Metadata> ReadHeadersAsync(CancellationToken cancellationToken) => _reader.ReadHeadersAsync(cancellationToken);

    /// <summary>Reads the next message, which the caller owns; null when the call has ended, and then its outcome is known.</summary>
    /// <exception cref="OperationCanceledException">The caller's own token fired, which cancels the call.</exception>
    public ValueTask<Payload?> ReadAsync(CancellationToken cancellationToken) => _reader.ReadAsync(cancellationToken);

    /// <summary>Cancels the call if it still runs.</summary>
    public void Dispose() => _reader.Dispose();
}
