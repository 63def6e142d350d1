using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Gateway.Core.Schema;
using Gateway.Core.Upstream.Balancing;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Failures;
using Gateway.Core.Upstream.Retries;
using Grpc.Core;

namespace Gateway.Core.Upstream;

/// <summary>
/// A call with any number of messages both ways, whose end tells whether its address can be reached. It is opened when its turn has come,
/// which for most is at once; what is done with it waits for that. One read and one write may run at the same time; dispose it, also before
/// its end: that resets the stream.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing, and is cancelled by the disposal.")]
public sealed class UpstreamDuplex : IAsyncDisposable
{
    private readonly ClarifaiClient _client;
    private readonly UpstreamCluster _upstream;
    private readonly RpcPlan _rpc;
    private readonly UpstreamCall _call;
    private readonly CancellationTokenSource _disposal = new();
    private readonly Lock _gate = new();
    private readonly Task<TwoWayCall?> _opening; // null when it was refused; never faulted or cancelled
    private IMeteredCall? _metered; // until it was told of the end
    private Endpoint? _endpoint;
    private volatile CallRefusal? _refusal;
    private bool _isCompleted;

    internal UpstreamDuplex(ClarifaiClient client, UpstreamCluster upstream, RpcPlan rpc, in UpstreamCall call)
    {
        _client = client;
        _upstream = upstream;
        _rpc = rpc;
        _call = call;
        _metered = client.Meter?.Begin(rpc, call);
        _opening = OpenAsync();
    }

    /// <summary>The response's headers, once a message was read or the call has ended.</summary>
    public Metadata Headers => Opened?.Metadata.Headers ?? [];

    /// <summary>How the call ended.</summary>
    /// <exception cref="InvalidOperationException">The call has not ended.</exception>
    public CallOutcome Outcome => Opened?.Outcome.Hiding(Credential) ?? _refusal?.Outcome ?? CallFailures.CancelledByCaller;

    /// <summary>The response's trailers, once the call has ended; empty when there were none.</summary>
    public Metadata Trailers => _refusal?.Trailers ?? Opened?.Metadata.Trailers ?? [];

    /// <summary>What the call is made with, and what therefore may stand in headers and trailers; null for nothing.</summary>
    public Pat? Credential { get; private set; }

    private TwoWayCall? Opened => _opening.IsCompletedSuccessfully ? _opening.GetAwaiter().GetResult() : null;

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

        if (await OpenedAsync(cancellationToken) is not { } opened)
        {
            return false;
        }

        if (Ask(message) is { } refusal)
        {
            _refusal = refusal;
            opened.Cancel(refusal.Outcome);
            return false;
        }

        return await opened.WriteAsync(message, cancellationToken);
    }

    /// <summary>Says that no more messages follow.</summary>
    public async ValueTask CompleteAsync()
    {
        _isCompleted = true;
        if (await _opening is { } opened)
        {
            await opened.CompleteAsync();
        }
    }

    /// <summary>Waits for the response's headers; empty when the call ends without them.</summary>
    /// <exception cref="OperationCanceledException">The caller's own token fired, which cancels the call.</exception>
    public async ValueTask<Metadata> ReadHeadersAsync(CancellationToken cancellationToken = default) =>
        await OpenedAsync(cancellationToken) is { } opened ? await opened.ReadHeadersAsync(cancellationToken) : [];

    /// <summary>Reads the next message, which the caller owns; null when the call has ended, and then its outcome is known.</summary>
    /// <exception cref="OperationCanceledException">The caller's own token fired, which cancels the call.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Payload?> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (await OpenedAsync(cancellationToken) is not { } opened)
        {
            EndMeter(Outcome);
            return null;
        }

        var message = await opened.ReadAsync(cancellationToken);
        _endpoint!.Report(message is null ? opened.Outcome : CallOutcome.OK, _call.Timeout);
        if (message is null)
        {
            EndMeter(Outcome);
            return null;
        }

        message.Hide(Credential);
        lock (_gate)
        {
            _metered?.Answer(message);
        }

        return message;
    }

    /// <summary>Cancels the call if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        EndMeter(CallFailures.Disposed);
        await _disposal.CancelAsync();
        (await _opening)?.Dispose();
    }

    private async Task<TwoWayCall?> OpenAsync()
    {
        var attempts = new Attempts(_upstream, _call);
        try
        {
            var turn = await _client.TakeTurnAsync(ref attempts, _call.CancellationToken, disposal: _disposal.Token);
            Credential = turn.Credential;
            _refusal = turn.Refusal;
        }
        catch (OperationCanceledException)
        {
            return null; // what is done with the call throws
        }

        if (_refusal is not null)
        {
            return null;
        }

        _endpoint = attempts.Begin();
        return _endpoint.Channel.DuplexStreaming(_rpc, attempts.Call, ClarifaiClient.Metadata(_call, attempts.Count, Credential));
    }

    private async ValueTask<TwoWayCall?> OpenedAsync(CancellationToken operation)
    {
        if (!_opening.IsCompleted)
        {
            using var registration = operation.UnsafeRegister(static disposal => ((CancellationTokenSource)disposal!).Cancel(), _disposal);
            await _opening;
        }

        var opened = await _opening;
        if (opened is null)
        {
            operation.ThrowIfCancellationRequested();
            _call.CancellationToken.ThrowIfCancellationRequested();
        }

        return opened;
    }

    private CallRefusal? Ask(in ReadOnlySequence<byte> message)
    {
        lock (_gate)
        {
            return _metered?.Ask(message);
        }
    }

    private void EndMeter(in CallOutcome outcome)
    {
        lock (_gate)
        {
            _metered?.Complete(outcome);
            _metered = null;
        }
    }
}
