using Gateway.Api.Errors;
using Gateway.Core.Schema;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Retries;

namespace Gateway.Api.Streaming;

/// <summary>
/// The messages that a two-way call answers. It failed when the client's messages did, when the upstream says so, or when one
/// of its messages did.
/// </summary>
/// <param name="rpc">What was called.</param>
/// <param name="stream">The call, which changes hands.</param>
/// <param name="time">The clock.</param>
public sealed class DuplexMessages(RpcPlan rpc, UpstreamDuplex stream, TimeProvider time) : MessageSource
{
    private volatile ApiError? _requestFailure;
    private ApiError? _failedMessage;

    /// <inheritdoc/>
    public override ApiError? Failure => _requestFailure ?? (stream.Outcome.IsOK ? _failedMessage : FailureOfCall);

    /// <summary>Whether the client's messages failed, which ends these.</summary>
    public bool IsRefused => _requestFailure is not null;

    private ApiError FailureOfCall => UpstreamStatus.ToApiError(stream.Outcome, Pushback.Read(stream.Headers, stream.Trailers, time));

    /// <inheritdoc/>
    public override async ValueTask<Payload?> ReadAsync(CancellationToken cancellationToken)
    {
        var message = await stream.ReadAsync(cancellationToken);
        if (message is not null)
        {
            _failedMessage = UpstreamStatus.FailureIn(rpc, message) ?? _failedMessage;
        }

        return message;
    }

    /// <summary>Ends the messages: cancels the call, because the client's messages failed.</summary>
    public ValueTask FailAsync(ApiError failure)
    {
        _requestFailure = failure;
        return stream.DisposeAsync();
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => stream.DisposeAsync();
}
