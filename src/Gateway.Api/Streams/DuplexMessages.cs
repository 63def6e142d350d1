using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Core.Schema;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Retries;

namespace Gateway.Api.Streams;

/// <summary>
/// The messages that a two-way call answers, from when it is opened. It failed when the client's messages did, when the upstream says so,
/// or when one of its messages did.
/// </summary>
/// <param name="rpc">What was called.</param>
/// <param name="open">Makes the call, which is ours.</param>
/// <param name="limit">How long to wait for the call to be made; null for as long as it takes.</param>
/// <param name="resting">Is told of each message; null where nobody asks.</param>
internal sealed class DuplexMessages(
    RpcPlan rpc, Func<UpstreamDuplex> open, TimeSpan? limit, TimeProvider time, RestingCall? resting = null) : MessageSource
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile UpstreamDuplex? _stream;
    private volatile ApiError? _requestFailure;
    private ApiError? _failedMessage;

    public override ApiError? Failure =>
        _requestFailure ?? (_stream is not { } stream || stream.Outcome.IsOK ? _failedMessage : FailureOf(stream));

    /// <summary>Whether the client's messages failed, which ends these.</summary>
    public bool IsRefused => _requestFailure is not null;

    /// <summary>Whether the call was made.</summary>
    public bool IsOpen => _stream is not null;

    /// <summary>Makes the call, unless it is made already.</summary>
    /// <returns>The call; null when the messages have ended before it was made.</returns>
    public UpstreamDuplex? Open()
    {
        lock (_gate)
        {
            if (!_decided.Task.IsCompleted)
            {
                _stream = open();
                _decided.SetResult();
            }

            return _stream;
        }
    }

    public override async ValueTask<Payload?> ReadAsync(CancellationToken cancellationToken)
    {
        if (!IsOpen)
        {
            await WaitAsync(cancellationToken);
        }

        var message = _stream is { } stream ? await stream.ReadAsync(cancellationToken) : null;
        if (message is not null)
        {
            resting?.Answered();
            _failedMessage = UpstreamStatus.FailureIn(rpc, message) ?? _failedMessage;
        }

        return message;
    }

    /// <summary>Ends the messages: cancels the call, because the client's messages failed.</summary>
    public ValueTask FailAsync(ApiError failure)
    {
        _requestFailure = failure;
        return DisposeAsync();
    }

    public override ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _decided.TrySetResult();
        }

        return _stream?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    private ApiError FailureOf(UpstreamDuplex stream) =>
        UpstreamStatus.ToApiError(stream.Outcome, Pushback.Read(stream.Headers, stream.Trailers, time));

    private async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _decided.Task.WaitAsync(RequestTimeout.AsWait(limit), time, cancellationToken);
        }
        catch (TimeoutException)
        {
            await FailAsync(ApiErrors.NoFirstMessage);
        }
    }
}
