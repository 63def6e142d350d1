using System.Buffers;
using System.Runtime.CompilerServices;
using Gateway.Core.Upstream.Connections;
using Gateway.Core.Upstream.Failures;
using Gateway.Core.Upstream.Telemetry;
using Grpc.Core;

namespace Gateway.Core.Upstream.Calls;

/// <summary>
/// A call with any number of messages both ways. One read and one write may run at the same time; dispose it, also before its end: that
/// resets the stream.
/// </summary>
internal sealed class TwoWayCall(
    UpstreamChannel channel, AsyncDuplexStreamingCall<RequestMessage, Payload> grpc, CallLimits limits, CallSpan span)
    : IDisposable
{
    private readonly ResponseReader _reader = new(
        channel, limits, span, grpc.ResponseStream, () => grpc.ResponseHeadersAsync, grpc.GetTrailers, grpc);

    /// <summary>The response's headers, once a message was read or the call has ended; its trailers, once it has ended.</summary>
    public ResponseMetadata Metadata => _reader.Metadata;

    /// <summary>How the call ended.</summary>
    /// <exception cref="InvalidOperationException">The call has not ended.</exception>
    public CallOutcome Outcome => _reader.Outcome;

    /// <summary>
    /// Sends a message; its bytes stay the caller's, and must not change until the returned task completes.
    /// False: the call has ended or is failing, and reading says how.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller's own token fired, which cancels the call.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> WriteAsync(ReadOnlySequence<byte> message, CancellationToken cancellationToken)
    {
        using var registration = limits.CancelWith(cancellationToken);
        var lent = new RequestMessage(message);
        try
        {
            await grpc.RequestStream.WriteAsync(lent, CancellationToken.None);
            limits.NoteSent();
            return true;
        }
        catch (Exception exception) when (exception is ObjectDisposedException or not InvalidOperationException)
        {
            // Whatever it is, even a status of OK when the server has ended first, or what broke the connection, by the HTTP handler's own
            // types: reading tells.
        }
        finally
        {
            await lent.CloseAsync();
        }

        limits.ThrowIfCancelledByCaller(cancellationToken);
        return false;
    }

    /// <summary>Says that no more messages follow.</summary>
    public async ValueTask CompleteAsync()
    {
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

    /// <summary>Cuts the call short, unless it is over already.</summary>
    public void Cancel(CallOutcome reason) => limits.Cancel(reason);

    /// <summary>Cancels the call if it still runs.</summary>
    public void Dispose() => _reader.Dispose();
}
