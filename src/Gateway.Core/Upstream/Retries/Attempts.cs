using Gateway.Core.Upstream.Balancing;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Failures;
using Gateway.Core.Upstream.Telemetry;
using Grpc.Core;
using StatusCode = Clarifai.Api.Status.StatusCode;

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
    private bool _hasWaited;

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
    public readonly UpstreamCall Call => Count == 1 && !_hasWaited
        ? _call
        : _call with { Timeout = Left(_call.Timeout), FirstMessageTimeout = Left(_call.FirstMessageTimeout) };

    /// <summary>Is told while the call waits; null for nobody.</summary>
    public readonly IWaitObserver? Waits => _call.Waits;

    /// <summary>The time until a wait for an attempt would be in vain; null for no limit.</summary>
    public readonly TimeSpan? TimeLeft => Left(Shorter(_call.Timeout, _call.FirstMessageTimeout));

    private readonly TimeSpan Elapsed => _upstream.Time.GetElapsedTime(_started);

    /// <summary>
    /// Whether the attempt that follows may have the turn of the one that ended: no upstream saw anything of that, and it follows at once.
    /// </summary>
    public bool KeepsTurn { get; private set; }

    /// <summary>Notes that the attempt to come had to wait for its turn.</summary>
    public void NoteWaited() => _hasWaited = true;

    /// <summary>Begins an attempt.</summary>
    /// <returns>Where it goes.</returns>
    public Endpoint Begin()
    {
        Count++;
        return _endpoint = _upstream.Pick(_failed);
    }

    /// <summary>Notes the outcome of the attempt that has begun.</summary>
    /// <param name="result">How it ended.</param>
    /// <param name="code">What the answer says; 0 for nothing.</param>
    /// <returns>How long to wait before the next one; null when the outcome is the call's.</returns>
    public TimeSpan? End<TMessage>(UnaryResult<TMessage> result, StatusCode code)
        where TMessage : class
    {
        var cause = Report(result.Outcome, code);
        return cause == RetryCause.None ? null : Next(cause, result.Outcome, result.Headers, result.Trailers);
    }

    /// <summary>The same for a stream, of which nothing but the first message was read.</summary>
    public TimeSpan? End(ServerStream stream, Payload? first)
    {
        var outcome = first is null ? stream.Outcome : CallOutcome.OK;
        var cause = Report(outcome, (StatusCode)(first?.Status.Code ?? 0));
        return cause == RetryCause.None
            ? null
            : Next(cause, outcome, stream.Metadata.Headers, first is null ? stream.Metadata.Trailers : null);
    }

    /// <summary>Waits for the time of the next attempt, which is now when this side shuts down.</summary>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    public readonly async Task WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _endpoint!.Channel.Shutdown);
        Waits?.BeginWait();
        await Task.Delay(wait, _upstream.Time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Waits?.EndWait();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static TimeSpan? Shorter(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other : one;

    // Not below zero: a wait may end late.
    private readonly TimeSpan? Left(TimeSpan? limit) => limit is { } all ? TimeSpan.FromTicks(long.Max(0, (all - Elapsed).Ticks)) : null;

    private readonly RetryCause Report(in CallOutcome outcome, StatusCode code)
    {
        _endpoint!.Report(outcome, _call.Timeout);
        var cause = RetryPolicy.CauseOf(outcome, code);
        if (cause == RetryCause.None && outcome.IsOK)
        {
            _upstream.Retries.Succeeded();
        }

        return cause;
    }

    private TimeSpan? Next(RetryCause cause, in CallOutcome outcome, Metadata headers, Metadata? trailers)
    {
        var elapsed = Elapsed;
        var wait = WaitAfter(cause, outcome, elapsed, Pushback.Read(headers, trailers, _upstream.Time));
        KeepsTurn = outcome.IsUnprocessed && wait == TimeSpan.Zero;
        if (elapsed + wait >= _call.Timeout || elapsed + wait >= _call.FirstMessageTimeout)
        {
            return null;
        }

        if (wait is { } next)
        {
            _endpoint!.Channel.Telemetry.Retried(cause, next);
            Waits?.Retry();
            _upstream.LogRetry(_call.RequestId, cause, _endpoint!.Channel.Address, next.TotalMilliseconds);
        }

        return wait;
    }

    private TimeSpan? WaitAfter(RetryCause cause, in CallOutcome outcome, TimeSpan elapsed, Pushback pushback)
    {
        if (cause == RetryCause.Loading)
        {
            return _upstream.Retries.WaitAfter(cause, ++_loading, elapsed, pushback);
        }

        (_failed ??= []).Add(_endpoint!);
        var isElsewhere = outcome.IsUnprocessed && _upstream.HasUsable(_failed);
        if (isElsewhere && outcome.IsConnectionFailure)
        {
            return TimeSpan.Zero; // it cost no upstream a request
        }

        var wait = _upstream.Retries.WaitAfter(cause, ++_unavailable, elapsed, pushback);
        return isElsewhere && wait is not null ? TimeSpan.Zero : wait;
    }
}
