using System.Diagnostics.CodeAnalysis;
using Gateway.Core.Upstream.Failures;
using Gateway.Core.Upstream.Telemetry;
using Grpc.Core;

namespace Gateway.Core.Upstream.Calls;

/// <summary>
/// Cuts a call short: at one of its time limits, for its caller, at a shutdown, or because it is disposed. Whatever comes first counts, and
/// says why. The gRPC client knows only a deadline, and tells it on its own clock. Thread-safe.
/// </summary>
[SuppressMessage(
    "Design", "CA1001", Justification = "A source without a timer holds nothing, and disposing it would race with a late cancellation.")]
internal sealed class CallLimits
{
    // The longest a timer can wait, 49 days; a limit further away is none.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationToken _caller;
    private readonly CancellationTokenRegistration _registration;
    private readonly CancellationTokenRegistration _shutdown;
    private readonly TimeSpan? _timeout;
    private readonly ITimer? _deadline;
    private readonly SilenceTimer? _silence;
    private readonly IWaitObserver? _waits;
    private CallOutcome? _reason;
    private bool _ended;
    private bool _isWaiting;

    /// <summary>Begins to count the call's time.</summary>
    /// <param name="call">The call, with its limits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="isOpen">Whether the caller may send more messages.</param>
    /// <param name="shutdown">Fires when this side shuts down, and the call with it.</param>
    public CallLimits(in UpstreamCall call, TimeProvider time, bool isOpen = false, CancellationToken shutdown = default)
    {
        _caller = call.CancellationToken;
        _waits = call.Waits;
        _registration = CancelWith(_caller);
        _shutdown = shutdown.UnsafeRegister(OnShutdown, this);
        var first = Timed(call.FirstMessageTimeout);
        var idle = Timed(call.IdleTimeout);
        if (first is not null || idle is not null)
        {
            _silence = new SilenceTimer(this, first, idle, time) { IsRequestOpen = isOpen };
        }

        _timeout = Timed(call.Timeout);
        if (_timeout <= TimeSpan.Zero)
        {
            Cancel(CallFailures.NoTimeLeft);
        }
        else if (_timeout is { } timeout && time != TimeProvider.System)
        {
            // On the system's clock the client's own timer does.
            _deadline = time.CreateTimer(OnDeadline, this, timeout, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Fires when the call is over, for whatever reason.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>
    /// When the peer is told that the call's time is up, and the client gives up as well; null for never. The clients' own clock counts
    /// here.
    /// </summary>
    public DateTime? Deadline => _timeout is { } timeout ? (TimeProvider.System.GetUtcNow() + timeout).UtcDateTime : null;

    /// <summary>Why the call was cut short; null when it was not.</summary>
    public CallOutcome? Reason
    {
        get
        {
            lock (_gate)
            {
                return _reason;
            }
        }
    }

    /// <summary>Somebody waits for the upstream now.</summary>
    public void BeginWait()
    {
        _silence?.BeginWait();
        if (_waits is not null)
        {
            _isWaiting = true;
            _waits.BeginWait();
        }
    }

    /// <summary>Nobody waits any more.</summary>
    /// <param name="received">Whether a message came.</param>
    public void EndWait(bool received)
    {
        _silence?.EndWait(received);
        TellWaitEnded();
    }

    /// <summary>A message was sent, which is a sign of life as well.</summary>
    public void NoteSent() => _silence?.NoteSent();

    /// <summary>The caller sends no more messages: from now on a silence is the upstream's alone.</summary>
    public void NoteCompleted()
    {
        if (_silence is { } silence)
        {
            silence.IsRequestOpen = false;
        }
    }

    /// <summary>Cuts the call short, unless it is over already.</summary>
    public void Cancel(CallOutcome reason)
    {
        lock (_gate)
        {
            if (_reason is not null || _ended)
            {
                return;
            }

            _reason = reason;
        }

        _source.Cancel();
    }

    /// <summary>Cuts the call short when the token of one of its reads or writes fires.</summary>
    public CancellationTokenRegistration CancelWith(CancellationToken operation) => operation.UnsafeRegister(OnCaller, this);

    /// <summary>Throws when the call was cut short by its caller's own token.</summary>
    public void ThrowIfCancelledByCaller(CancellationToken operation)
    {
        if (Reason is { Code: StatusCode.Cancelled })
        {
            operation.ThrowIfCancellationRequested();
            _caller.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The outcome of a call that failed: why it was cut short, else what the client makes of it.</summary>
    /// <param name="status">The client's status.</param>
    /// <param name="maxMessageBytes">The limit of messages, for those over it.</param>
    public CallOutcome OutcomeOf(Status status, int maxMessageBytes)
    {
        if (Reason is { } reason)
        {
            return reason;
        }

        // The client's own timer, which on the system's clock is the only one.
        return _timeout is { } timeout && status is { StatusCode: StatusCode.DeadlineExceeded, Detail: "", DebugException: null }
            ? CallFailures.DeadlineExceeded(timeout)
            : ClientFailure.ToOutcome(status, maxMessageBytes);
    }

    /// <summary>Ends the call's time. May be called more than once.</summary>
    /// <returns>Whether this was the first time.</returns>
    public bool End()
    {
        lock (_gate)
        {
            if (_ended)
            {
                return false;
            }

            _ended = true;
        }

        _registration.Unregister();
        _shutdown.Unregister();
        _deadline?.Dispose();
        _silence?.Dispose();
        TellWaitEnded();
        return true;
    }

    // Whoever reads and whoever disposes may both come to it.
    private void TellWaitEnded()
    {
        if (_waits is not null && Interlocked.Exchange(ref _isWaiting, false))
        {
            _waits.EndWait();
        }
    }

    private static TimeSpan? Timed(TimeSpan? limit) => limit > LongestTimer ? null : limit;

    private static void OnCaller(object? limits) => ((CallLimits)limits!).Cancel(CallFailures.CancelledByCaller);

    private static void OnShutdown(object? limits) => ((CallLimits)limits!).Cancel(CallFailures.ShuttingDown);

    private static void OnDeadline(object? state)
    {
        var limits = (CallLimits)state!;
        limits.Cancel(CallFailures.DeadlineExceeded(limits._timeout!.Value));
    }
}
