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
    public Metadata Headers => Begun.Metadata.Headers;

    /// <summary>How the call ended.</summary>
    /// <exception cref="InvalidOperationException">The call has not ended.</exception>
    public CallOutcome Outcome => Begun.Outcome.Hiding(_client.Credential);

    /// <summary>The response's trailers; empty when there were none.</summary>
    /// <exception cref="InvalidOperationException">The call has not ended.</exception>
    public Metadata Trailers => Begun.Metadata.Trailers;

    /// <summary>What the upstream said about another attempt.</summary>
    /// <exception cref="InvalidOperationException">The call has not ended.</exception>
    public Pushback Pushback => Pushback.Read(Headers, Trailers, _upstream.Time);

    private ServerStream Begun => _stream ?? throw new InvalidOperationException("The call has not begun: read first.");

    /// <summary>Reads the next message, which the caller owns; null when the call has ended, and then its outcome is known.</summary>
    /// <exception cref="OperationCanceledException">The caller's own token fired, which cancels the call.</exception>
    /// <exception cref="ObjectDisposedException">The stream was disposed before its first read.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Payload?> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (!_began)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _began = true;
            return await ReadFirstAsync(cancellationToken);
        }

        var message = await Begun.ReadAsync(cancellationToken);
        if (message is null)
        {
            _endpoint!.Report(Begun.Outcome, _call.Timeout);
        }

        message?.Hide(_client.Credential);

        return message;
    }

    /// <summary>Cancels the call if it still runs; its request is not used any more.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        await _disposal.CancelAsync();
        if (_stream is not null)
        {
            await _stream.DisposeAsync();
        }
    }

    private async ValueTask<Payload?> ReadFirstAsync(CancellationToken operation)
    {
        var attempts = new Attempts(_upstream, _call);
        while (TryOpen(ref attempts) is { } stream)
        {
            var first = await stream.ReadAsync(operation);
            if (attempts.End(stream, first) is not { } wait)
            {
                first?.Hide(_client.Credential);
                return first;
            }

            first?.Dispose();
            await stream.DisposeAsync();
            await WaitAsync(attempts, wait, operation);
        }

        return null;
    }

    // Null once the stream is disposed: the request's bytes are not to be used any more.
    private ServerStream? TryOpen(ref Attempts attempts)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return null;
            }

            _endpoint = attempts.Begin();
            return _stream = _endpoint.Channel.ServerStreaming(_rpc, _request, attempts.Call, _client.Metadata(_call, attempts.Count));
        }
    }

    private async Task WaitAsync(Attempts attempts, TimeSpan wait, CancellationToken operation)
    {
        using var any = CancellationTokenSource.CreateLinkedTokenSource(_call.CancellationToken, operation, _disposal.Token);
        await attempts.WaitAsync(wait, any.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        operation.ThrowIfCancellationRequested();
        _call.CancellationToken.ThrowIfCancellationRequested();
    }
}
