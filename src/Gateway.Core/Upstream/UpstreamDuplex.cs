using System.Buffers;
using System.Runtime.CompilerServices;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Connections;
using Gateway.Core.Upstream.Failures;
using Grpc.Core;

namespace Gateway.Core.Upstream;

/// <summary>
/// A call with any number of messages both ways, whose end tells whether its address can be reached. One read and one write may run at the
/// same time; dispose it, also before its end: that resets the stream.
/// </summary>
public sealed class UpstreamDuplex : IAsyncDisposable
{
    private readonly AsyncDuplexStreamingCall<RequestMessage, Payload> _call;
    private readonly CallLimits _limits;
    private readonly Pat? _credential;
    private readonly Action<CallOutcome> _report;
    private readonly ResponseReader _reader;
    private bool _isCompleted;

    /// <summary>Takes over a call that was opened.</summary>
    /// <param name="channel">Where it runs.</param>
    /// <param name="call">The call.</param>
    /// <param name="limits">What cuts it short.</param>
    /// <param name="credential">What the call is made with; null for nothing.</param>
    /// <param name="report">Told after each read what is known of the address.</param>
    internal UpstreamDuplex(
        UpstreamChannel channel,
        AsyncDuplexStreamingCall<RequestMessage, Payload> call,
        CallLimits limits,
        Pat? credential,
        Action<CallOutcome> report)
    {
        _call = call;
        _limits = limits;
        _credential = credential;
        _report = report;
        _reader = new ResponseReader(channel, limits, call.ResponseStream, () => call.ResponseHeadersAsync, call.GetTrailers, call);
    }

    /// <summary>The response's headers, once a message was read or the call has ended.</summary>
    public Metadata Headers => _reader.Metadata.Headers;

    /// <summary>How the call ended.</summary>
    /// <exception cref="InvalidOperationException">The call has not ended.</exception>
    public CallOutcome Outcome => _reader.Outcome.Hiding(_credential);

    /// <summary>The response's trailers, once the call has ended; empty when there were none.</summary>
    public Metadata Trailers => _reader.Metadata.Trailers;

    /// <summary>
    /// Sends a message; its bytes stay the caller's, and must not change until the returned task completes.
    /// False: the call has ended or is failing, and reading says how.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller's own token fired, which cancels the call.</exception>
    /// <exception cref="InvalidOperationException">The request was completed.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> WriteAsync(ReadOnlySequence<byte> message, CancellationToken cancellationToken = default)
    {
        if (_isCompleted)
        {
            throw new InvalidOperationException("The request was completed: nothing more can be written.");
        }

        using var registration = _limits.CancelWith(cancellationToken);
        var lent = new RequestMessage(message);
        try
        {
            await _call.RequestStream.WriteAsync(lent, CancellationToken.None);
            _limits.NoteSent();
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

        _limits.ThrowIfCancelledByCaller(cancellationToken);
        return false;
    }

    /// <summary>Says that no more messages follow.</summary>
    public async ValueTask CompleteAsync()
    {
        _isCompleted = true;
        _limits.NoteCompleted();
        try
        {
            await _call.RequestStream.CompleteAsync();
        }
        catch (ObjectDisposedException)
        {
            // The call is over.
        }
    }

    /// <summary>Waits for the response's headers; empty when the call ends without them.</summary>
    /// <exception cref="OperationCanceledException">The caller's own token fired, which cancels the call.</exception>
    public ValueTask<Metadata> ReadHeadersAsync(CancellationToken cancellationToken = default) =>
        _reader.ReadHeadersAsync(cancellationToken);

    /// <summary>Reads the next message, which the caller owns; null when the call has ended, and then its outcome is known.</summary>
    /// <exception cref="OperationCanceledException">The caller's own token fired, which cancels the call.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Payload?> ReadAsync(CancellationToken cancellationToken = default)
    {
        var message = await _reader.ReadAsync(cancellationToken);
        _report(message is null ? _reader.Outcome : CallOutcome.OK);
        message?.Hide(_credential);
        return message;
    }

    /// <summary>Cancels the call if it still runs.</summary>
    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        return ValueTask.CompletedTask;
    }
}
