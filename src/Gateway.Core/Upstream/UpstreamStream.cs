using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Gateway.Core.Schema;
using Gateway.Core.Upstream.Balancing;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Credentials;
using Gateway.Core.Upstream.Failures;
using Gateway.Core.Upstream.Retries;
using Grpc.Core;

namespace Gateway.Core.Upstream;

/// <summary>
/// A server-streaming call. The first read makes it, as often as it takes to get a first message or a final status; from then on it is one
/// stream of one address, and nothing is retried. One read at a time; dispose it, also before its end: that resets the stream.
/// </summary>
[SuppressMessage("Naming", "CA1711", Justification = "A stream of messages, as gRPC calls it.")]
public sealed class UpstreamStream : IAsyncDisposable
{
    private readonly ClarifaiClient _client;
    private readonly UpstreamCluster _upstream;
    private readonly RpcPlan _rpc;
    private readonly UpstreamCall _call;
    private readonly ReadOnlySequence<byte> _request;
    private readonly CancellationTokenSource _disposal = new();
    private readonly Lock _gate = new();
    private Endpoint? _endpoint;
    private ServerStream? _stream;
    private IMeteredCall? _metered; // until it was told of the end
    private CallRefusal? _refusal;
    private bool _began;
    private bool _disposed;

    internal UpstreamStream(
        ClarifaiClient client, UpstreamCluster upstream, RpcPlan rpc, ReadOnlySequence<byte> request, in UpstreamCall call)
    {
        _client = client;
        _upstream = upstream;
        _rpc = rpc;
        _request = request;
        _call = call;
    }

    /// <summary>The response's headers, once a message was read or the call has ended.</summary>
    /// <exception cref="InvalidOperationException">Nothing was read.</exception>
    public Metadata Headers => _refusal is null ? Begun.Metadata.Headers : [];

    /// <summary>How the call ended.</summary>
    /// <exception cref="InvalidOperationException">The call has not ended.</exception>
    public CallOutcome Outcome => _refusal?.Outcome ?? Begun.Outcome.Hiding(Credential);

    /// <summary>The response's trailers; empty when there were none.</summary>
    /// <exception cref="InvalidOperationException">The call has not ended.</exception>
    public Metadata Trailers => _refusal?.Trailers ?? Begun.Metadata.Trailers;

    /// <summary>What the upstream said about another attempt.</summary>
    /// <exception cref="InvalidOperationException">The call has not ended.</exception>
    public Pushback Pushback => Pushback.Read(Headers, Trailers, _upstream.Time);

    /// <summary>What the last attempt was made with, and what therefore may stand in headers and trailers; null for nothing.</summary>
    public Pat? Credential { get; private set; }

    private ServerStream Begun => _stream ?? throw new InvalidOperationException("The call has not begun: read first.");

    /// <summary>Reads the next message, which the caller owns; null when the call has ended, and then its outcome is known.</summary>
    /// <exception cref="OperationCanceledException">The caller's own token fired, which cancels the call.</exception>
    /// <exception cref="ObjectDisposedException">The stream was disposed before its first read.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Payload?> ReadAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(!_began && _disposed, this);
        if (_refusal is not null)
        {
            return null;
        }

        var message = _began ? await ReadNextAsync(cancellationToken) : await ReadFirstAsync(cancellationToken);
        Meter(message);
        return message;
    }

    /// <summary>Cancels the call if it still runs; its request is not used any more.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        EndMeter(CallFailures.Disposed);
        await _disposal.CancelAsync();
        if (_stream is not null)
        {
            await _stream.DisposeAsync();
        }
    }

    private async ValueTask<Payload?> ReadNextAsync(CancellationToken cancellationToken)
    {
        var message = await Begun.ReadAsync(cancellationToken);
        if (message is null)
        {
            _endpoint!.Report(Begun.Outcome, _call.Timeout);
        }

        message?.Hide(Credential);
        return message;
    }

    private async ValueTask<Payload?> ReadFirstAsync(CancellationToken operation)
    {
        _began = true;
        BeginMeter();
        var attempts = new Attempts(_upstream, _call);
        var turn = default(CredentialTurn);
        while (_refusal is null)
        {
            turn = attempts.KeepsTurn ? turn : await _client.TakeTurnAsync(
                ref attempts, _call.CancellationToken, operation, _disposal.Token);
            _refusal = turn.Refusal;
            if (_refusal is not null || TryOpen(ref attempts, turn.Credential) is not { } stream)
            {
                break;
            }

            var first = await stream.ReadAsync(operation);
            if (attempts.End(stream, first) is not { } wait)
            {
                first?.Hide(Credential);
                return first;
            }

            first?.Dispose();
            await stream.DisposeAsync();
            await WaitAsync(attempts, wait, operation);
        }

        return null;
    }

    // Null once the stream is disposed: the request's bytes are not to be used any more.
    private ServerStream? TryOpen(ref Attempts attempts, Pat? credential)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                _refusal = _stream is null ? CallRefusal.Disposed : null; // else the last attempt says how it ended
                return null;
            }

            Credential = credential;
            _endpoint = attempts.Begin();
            return _stream = _endpoint.Channel.ServerStreaming(
                _rpc, _request, attempts.Call, ClarifaiClient.Metadata(_call, attempts.Count, credential));
        }
    }

    private async Task WaitAsync(Attempts attempts, TimeSpan wait, CancellationToken operation)
    {
        using var any = CancellationTokenSource.CreateLinkedTokenSource(_call.CancellationToken, operation, _disposal.Token);
        await attempts.WaitAsync(wait, any.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        operation.ThrowIfCancellationRequested();
        _call.CancellationToken.ThrowIfCancellationRequested();
    }

    private void BeginMeter()
    {
        lock (_gate)
        {
            if (!_disposed && _client.Meter is { } meter)
            {
                _metered = meter.Begin(_rpc, _call);
                _refusal = _metered.Ask(_request);
            }
        }
    }

    private void Meter(Payload? message)
    {
        if (message is null)
        {
            EndMeter(Outcome);
            return;
        }

        lock (_gate)
        {
            _metered?.Answer(message);
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
