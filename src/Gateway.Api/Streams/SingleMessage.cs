using System.Buffers;
using Gateway.Api.Errors;
using Gateway.Core.Schema;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Retries;

namespace Gateway.Api.Streams;

/// <summary>The one message of a unary call, which the first read makes.</summary>
/// <param name="client">The upstream on the tenant's behalf.</param>
/// <param name="rpc">What to call.</param>
/// <param name="request">The request; it stays the caller's, untouched until the first read completes.</param>
/// <param name="call">Who asks, and for how long.</param>
internal sealed class SingleMessage(
    ClarifaiClient client, RpcPlan rpc, ReadOnlySequence<byte> request, UpstreamCall call, TimeProvider time) : MessageSource
{
    private UnaryResult<Payload>? _result;
    private ApiError? _failedMessage;

    public override ApiError? Failure =>
        _result!.Outcome.IsOK
            ? _failedMessage
            : UpstreamStatus.ToApiError(_result.Outcome, Pushback.Read(_result.Headers, _result.Trailers, time));

    public override async ValueTask<Payload?> ReadAsync(CancellationToken cancellationToken)
    {
        if (_result is not null)
        {
            return null;
        }

        using var any = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken, cancellationToken);
        _result = await client.CallAsync(rpc, request, call with { CancellationToken = any.Token });
        if (_result.Message is { } message)
        {
            _failedMessage = UpstreamStatus.FailureIn(rpc, message);
        }

        return _result.Message;
    }

    public override ValueTask DisposeAsync()
    {
        _result?.Dispose();
        return ValueTask.CompletedTask;
    }
}
