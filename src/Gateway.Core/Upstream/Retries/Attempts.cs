using Gateway.Core.Schema;
using Gateway.Core.Upstream.Balancing;
using Gateway.Grpc;

namespace Gateway.Core.Upstream.Retries;

/// <summary>
/// The attempts of one call: where each goes, what time it has left, and whether another one follows. A mutable value, so that a call that
/// needs one attempt allocates nothing for it; each caller keeps one and passes it by reference.
/// </summary>
internal struct Attempts
{
    private readonly UpstreamCluster _upstream;
    private readonly UpstreamCall _call;
    private readonly long _started;
    private Endpoint? _endpoint;
    private List<Endpoint>? _failed;
    private int _unavailable;
    private int _loading;

    /// <summary>Begins to count the call's time.</summary>
    public Attempts(UpstreamCluster upstream, in UpstreamCall call)
    {
        _upstream = upstream;
        _call = call;
        _started = upstream.Time.GetTimestamp();
    }

    /// <summary>How many attempts have begun.</summary>
    public int Count { get; private set; }

    /// <summary>The call as the current attempt makes it: with the time that is left.</summary>
    public readonly UpstreamCall Call => Count == 1
        ? _call
        : _call with { Timeout = Left(_call.Timeout), FirstMessageTimeout = Left(_call.FirstMessageTimeout) };

    private readonly TimeSpan Elapsed => _upstream.Time.GetElapsedTime(_started);

    /// <summary>Begins an attempt.</summary>
    /// <returns>Where it goes.</returns>
    public Endpoint Begin()
    {
        Count++;
        return _endpoint = _upstream.Pick(_failed);
    }

    /// <summary>Notes the outcome of the attempt that has begun.</summary>
    /// <returns>How long to wait before the next one; null when the outcome is the call's.</returns>
    public TimeSpan? End(RpcPlan rpc, UnaryResult result)
    {
        var cause = Report(rpc, result.Status, result.Message);
        return cause == RetryCause.None ? null : Next(cause, result.Status, result.Headers, result.Trailers);
    }

    /// <summary>The same for a stream, of which nothing but the first message was read.</summary>
    public TimeSpan? End(RpcPlan rpc, ServerStream stream, Payload? first)
    {
        var status = first is null ? stream.Status : GrpcStatus.OK;
        var cause = Report(rpc, status, first);
        return cause == RetryCause.None ? null : Next(cause, status, stream.Headers, first is null ? stream.Trailers : null);
    }

    /// <summary>Waits for the time of the next attempt.</summary>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    public readonly Task WaitAsync(TimeSpan wait, CancellationToken cancellationToken) => Task.Delay(wait, _upstream.Time, cancellationToken);

    // Not below zero: a wait may end late.
    private readonly TimeSpan? Left(TimeSpan? limit) => limit is { } all ? TimeSpan.FromTicks(long.Max(0, (all - Elapsed).Ticks)) : null;

    private readonly RetryCause Report(RpcPlan rpc, in GrpcStatus status, Payload? message)
    {
        _endpoint!.Report(status);
        var cause = RetryPolicy.CauseOf(rpc, status, message);
        if (cause == RetryCause.None && status.IsOK)
        {
            _upstream.Retries.Succeeded();
        }

        return cause;
    }

    private TimeSpan? Next(RetryCause cause, in GrpcStatus status, Metadata headers, Metadata? trailers)
    {
        var elapsed = Elapsed;
        var wait = WaitAfter(cause, status, elapsed, Pushback.Read(headers, trailers, _upstream.Time));
        if (elapsed + wait >= _call.Timeout || elapsed + wait >= _call.FirstMessageTimeout)
        {
            return null;
        }

        if (wait is { } next)
        {
            _upstream.LogRetry(_call.RequestId, cause, _endpoint!.Channel.Address, next.TotalMilliseconds);
        }

        return wait;
    }

    private TimeSpan? WaitAfter(RetryCause cause, in GrpcStatus status, TimeSpan elapsed, Pushback pushback)
    {
        if (cause == RetryCause.Loading)
        {
            return _upstream.Retries.WaitAfter(cause, ++_loading, elapsed, pushback);
        }

        (_failed ??= []).Add(_endpoint!);
        var isElsewhere = status.IsUnprocessed && _upstream.HasUsable(_failed);
        if (isElsewhere && status.IsConnectionFailure)
        {
            return TimeSpan.Zero; // it cost no upstream a request
        }

        var wait = _upstream.Retries.WaitAfter(cause, ++_unavailable, elapsed, pushback);
        return isElsewhere && wait is not null ? TimeSpan.Zero : wait;
    }
}
