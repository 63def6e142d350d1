using System.Diagnostics.CodeAnalysis;

namespace Gateway.Grpc.Calls;

/// <summary>
/// Decides when a call is over: by its own end, or before that by one of its time limits, its caller, its disposal or a failure on our side.
/// Whatever comes first counts. Thread-safe.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "End cancels the source instead of disposing it, which cannot race with a late cancellation.")]
internal sealed class CallLifetime
{
    // The longest a timer can wait, 49 days; a limit further away is none.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly Lock _gate = new();

    private readonly CancellationTokenSource _source = new();
    private readonly CancellationToken _caller;
    private readonly CancellationTokenRegistration _registration;
    private readonly TimeSpan _timeout;
    private readonly ITimer? _deadline;
    private readonly SilenceTimer? _silence;
    private HttpResponseMessage? _response;
    private GrpcStatus? _reason;
    private GrpcStatus? _status;

    public CallLifetime(RequestContent request, in CallOptions options, TimeProvider time)
    {
        _caller = options.CancellationToken;
        _registration = CancelWith(_caller);
        TimeSpan? first = Timed(options.FirstMessageTimeout);
        TimeSpan? idle = Timed(options.IdleTimeout);
        if (first is not null || idle is not null) _silence = new SilenceTimer(this, request, first, idle, time);
        if (Timed(options.Timeout) is not { } timeout) return;
        _timeout = timeout;
        if (timeout <= TimeSpan.Zero) Cancel(CallFailures.NoTimeLeft);
        else _deadline = time.CreateTimer(OnDeadline, this, timeout, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Fires when the call is over, for whatever reason.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Why the call was cancelled from this side; null when it was not.</summary>
    public GrpcStatus? Reason
    {
        get
        {
            lock (_gate) return _reason;
        }
    }

    /// <summary>How the call ended; null while it runs.</summary>
    public GrpcStatus? Status
    {
        get
        {
            lock (_gate) return _status;
        }
    }

    /// <summary>Somebody waits for the upstream now.</summary>
    public void BeginWait() => _silence?.BeginWait();

    /// <summary>Nobody waits any more.</summary>
    /// <param name="received">Whether a message came.</param>
    public void EndWait(bool received) => _silence?.EndWait(received);

    /// <summary>A message was sent, which is a sign of life as well.</summary>
    public void NoteSent() => _silence?.NoteSent();

    /// <summary>Has the stream of a response reset on cancellation: between two reads nothing else would.</summary>
    public void Reset(HttpResponseMessage response)
    {
        lock (_gate)
        {
            _response = response;
            if (_reason is null) return;
        }

        response.Dispose();
    }

    /// <summary>Cancels the call, unless it is over already.</summary>
    public void Cancel(GrpcStatus reason)
    {
        lock (_gate)
        {
            if (_reason is not null || _status is not null) return;
            _reason = reason;
        }

        _source.Cancel();
        _response?.Dispose();
    }

    /// <summary>Cancels the call when the token of one of its reads or writes fires.</summary>
    public CancellationTokenRegistration CancelWith(CancellationToken operation) => operation.UnsafeRegister(OnCaller, this);

    /// <summary>Throws when the call was cut short by its caller's own token.</summary>
    public void ThrowIfCancelledByCaller(CancellationToken operation)
    {
        if (Reason is not { Code: GrpcStatusCode.Cancelled }) return;
        operation.ThrowIfCancellationRequested();
        _caller.ThrowIfCancellationRequested();
    }

    /// <summary>Ends the call with a status, unless it has one, and lets go of all that belongs to it. May be called more than once.</summary>
    /// <returns>Whether this was the first time.</returns>
    public bool End(GrpcStatus status)
    {
        bool first;
        lock (_gate)
        {
            first = _status is null;
            _status ??= status;
        }

        _registration.Unregister();
        _deadline?.Dispose();
        _silence?.Dispose();
        _source.Cancel();
        _response?.Dispose();
        return first;
    }

    private static TimeSpan? Timed(TimeSpan? limit) => limit > LongestTimer ? null : limit;

    private static void OnCaller(object? lifetime) => ((CallLifetime)lifetime!).Cancel(CallFailures.CancelledByCaller);

    private static void OnDeadline(object? state)
    {
        var lifetime = (CallLifetime)state!;
        lifetime.Cancel(CallFailures.DeadlineExceeded(lifetime._timeout));
    }
}
