using System.Runtime.CompilerServices;
using Gateway.Core.Upstream.Connections;
using Gateway.Core.Upstream.Failures;
using Gateway.Core.Upstream.Telemetry;
using Grpc.Core;

namespace Gateway.Core.Upstream.Calls;

/// <summary>Reads the messages of a call that answers with many, under its limits, to the outcome. One read at a time.</summary>
internal sealed class ResponseReader
{
    private readonly UpstreamChannel _channel;
    private readonly CallLimits _limits;
    private readonly CallSpan _span;
    private readonly IAsyncStreamReader<Payload> _messages;
    private readonly Func<Task<Metadata>> _headers;
    private readonly IDisposable _call;
    private Metadata? _failureTrailers;
    private CallOutcome? _outcome;

    public ResponseReader(
        UpstreamChannel channel,
        CallLimits limits,
        CallSpan span,
        IAsyncStreamReader<Payload> messages,
        Func<Task<Metadata>> headers,
        Func<Metadata> trailers,
        IDisposable call)
    {
        _channel = channel;
        _limits = limits;
        _span = span;
        _messages = messages;
        _headers = headers;
        _call = call;
        Metadata = new ResponseMetadata(headers, () => _failureTrailers ?? trailers());
        channel.NoteStarted();
        channel.Telemetry.StreamOpened();
    }

    /// <summary>The response's headers and trailers.</summary>
    public ResponseMetadata Metadata { get; }

    /// <summary>How the call ended.</summary>
    /// <exception cref="InvalidOperationException">The call has not ended.</exception>
    public CallOutcome Outcome =>
        _outcome ?? throw new InvalidOperationException("The call has not ended: read until there is no message.");

    /// <summary>Waits until the headers are here, or the call has ended; empty when it ended without.</summary>
    public async ValueTask<Metadata> ReadHeadersAsync(CancellationToken operation)
    {
        using var registration = _limits.CancelWith(operation);
        _limits.BeginWait();
        try
        {
            await _headers();
        }
        catch (RpcException)
        {
            // The next read says why.
        }
        finally
        {
            _limits.EndWait(received: false);
        }

        _limits.ThrowIfCancelledByCaller(operation);
        return Metadata.Headers;
    }

    /// <summary>The next message, which the caller owns; null when the call has ended.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Payload?> ReadAsync(CancellationToken operation)
    {
        if (_outcome is not null)
        {
            return null;
        }

        if (operation.IsCancellationRequested)
        {
            _limits.Cancel(CallFailures.CancelledByCaller);
        }

        // Of many messages, most are here already: nobody waits for those.
        var next = NextAsync();
        var isHere = next.IsCompleted;
        using var registration = isHere ? default : _limits.CancelWith(operation);
        if (!isHere)
        {
            _limits.BeginWait();
        }

        var message = await next;
        _limits.EndWait(received: message is not null);
        if (message is null)
        {
            End();
            _limits.ThrowIfCancelledByCaller(operation);
        }

        return message;
    }

    /// <summary>Cancels what still runs.</summary>
    public void Dispose()
    {
        _limits.Cancel(CallFailures.Disposed);
        _outcome ??= _limits.Reason;
        End();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Payload?> NextAsync()
    {
        try
        {
            if (await _messages.MoveNext(CancellationToken.None))
            {
                return _messages.Current;
            }

            _outcome = CallOutcome.OK;
        }
        catch (RpcException failure)
        {
            _failureTrailers = failure.Trailers;
            _outcome = _limits.OutcomeOf(failure.Status, _channel.MaxMessageBytes);
        }
        catch (ObjectDisposedException)
        {
            _outcome = _limits.Reason ?? CallFailures.Disposed;
        }

        return null;
    }

    private void End()
    {
        if (_limits.End())
        {
            _channel.NoteEnded();
            _channel.Telemetry.StreamClosed();
            _channel.Telemetry.End(_span, _channel.Peer, _outcome ?? CallFailures.Disposed);
            _call.Dispose();
        }
    }
}
