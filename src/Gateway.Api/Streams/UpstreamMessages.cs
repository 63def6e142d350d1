using System.Runtime.CompilerServices;
using Gateway.Api.Errors;
using Gateway.Core.Schema;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Calls;

namespace Gateway.Api.Streams;

/// <summary>The messages of an upstream call. It failed when the upstream says so, or when one of its messages did.</summary>
/// <param name="rpc">What was called.</param>
/// <param name="stream">The call, which changes hands.</param>
internal sealed class UpstreamMessages(RpcPlan rpc, UpstreamStream stream) : MessageSource
{
    private ApiError? _failedMessage;

    public override ApiError? Failure => stream.Outcome.IsOK ? _failedMessage : UpstreamStatus.ToApiError(stream.Outcome, stream.Pushback);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<Payload?> ReadAsync(CancellationToken cancellationToken)
    {
        var message = await stream.ReadAsync(cancellationToken);
        if (message is not null)
        {
            _failedMessage = UpstreamStatus.FailureIn(rpc, message) ?? _failedMessage;
        }

        return message;
    }

    public override ValueTask DisposeAsync() => stream.DisposeAsync();
}
