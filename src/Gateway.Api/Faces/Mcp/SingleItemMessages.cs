using System.Buffers;
using Gateway.Api.Errors;
using Gateway.Api.Streams;
using Gateway.Core.Schema;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Calls;

namespace Gateway.Api.Faces.Mcp;

/// <summary>The messages that a two-way call answers to one, which the first read sends.</summary>
/// <param name="stream">The call, which changes hands.</param>
/// <param name="rpc">What was called.</param>
/// <param name="request">The one message; it stays the caller's, untouched until the first read completes.</param>
internal sealed class SingleItemMessages(
    UpstreamDuplex stream, RpcPlan rpc, ReadOnlySequence<byte> request, TimeProvider time) : MessageSource
{
    private readonly DuplexMessages _answers = Open(rpc, stream, time);
    private bool _isSent;

    public override ApiError? Failure => _answers.Failure;

    public override async ValueTask<Payload?> ReadAsync(CancellationToken cancellationToken)
    {
        // Where it cannot be written, reading says why.
        if (!_isSent && (_isSent = true) && await stream.WriteAsync(request, cancellationToken))
        {
            await stream.CompleteAsync();
        }

        return await _answers.ReadAsync(cancellationToken);
    }

    private static DuplexMessages Open(RpcPlan rpc, UpstreamDuplex stream, TimeProvider time)
    {
        var answers = new DuplexMessages(rpc, () => stream, limit: null, time);
        answers.Open();
        return answers;
    }

    public override ValueTask DisposeAsync() => _answers.DisposeAsync();
}
