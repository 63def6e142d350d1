using System.Diagnostics.CodeAnalysis;
using Gateway.Core.Upstream.Connections;
using Gateway.Core.Upstream.Failures;
using Gateway.Core.Upstream.Telemetry;
using Grpc.Core;

namespace Gateway.Core.Upstream.Calls;

/// <summary>
/// A call with one request and any number of response messages. One read at a time; dispose it, also before its end: that resets the
/// stream.
/// </summary>
[SuppressMessage("Naming", "CA1711", Justification = "A stream of messages, as gRPC calls it.")]
internal sealed class ServerStream(
    UpstreamChannel channel, AsyncServerStreamingCall<Payload> grpc, RequestMessage request, CallLimits limits, CallSpan span)
    : IAsyncDisposable
{
    private readonly ResponseReader _reader = new(
        channel, limits, span, grpc.ResponseStream, () => grpc.ResponseHeadersAsync, grpc.GetTrailers, grpc);

    private bool _wasRead;

    /// <summary>The response's headers, once a message was read or the call has ended; its trailers, once it has ended.</summary>
    public ResponseMetadata Metadata => _reader.Metadata;

    /// <summary>How the call ended.</summary>
    /// <exception cref="InvalidOperationException">The call has not ended.</exception>
    public CallOutcome Outcome => _reader.Outcome;

    /// <summary>Reads the next message, which the caller owns; null when the call has ended, and then its outcome is known.</summary>
    /// <exception cref="OperationCanceledException">The caller's own token fired, which cancels the call.</exception>
    public ValueTask<Payload?> ReadAsync(CancellationToken cancellationToken) =>
        _wasRead ? _reader.ReadAsync(cancellationToken) : ReadFirstAsync(cancellationToken);

    /// <summary>Cancels the call if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        _reader.Dispose();
        await request.CloseAsync();
    }

    private async ValueTask<Payload?> ReadFirstAsync(CancellationToken cancellationToken)
    {
        _wasRead = true;
        try
        {
            return await _reader.ReadAsync(cancellationToken);
        }
        finally
        {
            // With an answer, or none, the request is not sent again.
            await request.CloseAsync();
        }
    }
}
