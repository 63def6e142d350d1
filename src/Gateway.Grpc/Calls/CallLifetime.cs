namespace Gateway.Grpc.Calls;

/// <summary>Decides when a call is over before its end (deadline, caller, disposal, a local failure), and remembers why. Thread-safe.</summary>
internal sealed class CallLifetime
{
    // The longest a timer can wait; a deadline further away is left to the upstream.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly Lock _gate = new();

    // Never disposed: End cancels it instead, which stops its timer and cannot race with a late cancellation.
    private readonly CancellationTokenSource _source;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenRegistration _registration;
    private GrpcStatus? _reason;
    private bool _ended;

    public CallLifetime(in CallOptions options, TimeProvider time)
    {
        _source = options.Timeout is { } timeout && timeout <= LongestTimer
            ? new CancellationTokenSource(timeout > TimeSpan.Zero ? timeout : TimeSpan.Zero, time)
            : new CancellationTokenSource();
        _caller = options.CancellationToken;
        _registration = CancelWith(_caller);
    }

    /// <summary>Fires when the call is over, for whatever reason.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The status that a cancelled call ends with.</summary>
    public GrpcStatus Reason
    {
        get
        {
            lock (_gate) return _reason ?? CallFailures.DeadlineExceeded;
        }
    }

    /// <summary>Ends the call with a status, unless it is over already.</summary>
    public void Cancel(GrpcStatus reason)
    {
        lock (_gate)
        {
            if (_ended || _source.IsCancellationRequested) return;
            _reason ??= reason;
        }

        _source.Cancel();
    }

    /// <summary>Cancels the call when the token of one of its reads or writes fires.</summary>
    public CancellationTokenRegistration CancelWith(CancellationToken operation) =>
        operation.UnsafeRegister(static lifetime => ((CallLifetime)lifetime!).Cancel(CallFailures.CancelledByCaller), this);

    /// <summary>Throws when the call was cut short by its caller's own token.</summary>
    public void ThrowIfCancelledByCaller(CancellationToken operation)
    {
        if (Reason.Code != GrpcStatusCode.Cancelled) return;
        operation.ThrowIfCancellationRequested();
        _caller.ThrowIfCancellationRequested();
    }

    /// <summary>Stops the timer, and whatever still belongs to the call.</summary>
    public void End()
    {
        lock (_gate) _ended = true;
        _registration.Unregister();
        _source.Cancel();
    }
}
