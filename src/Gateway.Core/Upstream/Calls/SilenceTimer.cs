using Gateway.Core.Upstream.Failures;

namespace Gateway.Core.Upstream.Calls;

/// <summary>
/// Cancels a call whose upstream stays silent while somebody waits for it. One timer a call, which is left alone while it is armed: it
/// fires early then, and looks again at when the silence began. Thread-safe.
/// </summary>
internal sealed class SilenceTimer : IDisposable
{
    private const long Never = long.MaxValue;

    private readonly Lock _gate = new();
    private readonly CallLimits _call;
    private readonly TimeSpan? _first;
    private readonly TimeSpan? _idle;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private bool _received;
    private long? _silentSince; // null while nobody waits
    private long _firesAt = Never; // a timestamp

    /// <summary>Makes a timer that rests until somebody waits.</summary>
    /// <param name="call">What to cancel.</param>
    /// <param name="first">The limit until there was a message; null for none.</param>
    /// <param name="idle">The limit from then on; null for none.</param>
    /// <param name="time">The clock.</param>
    public SilenceTimer(CallLimits call, TimeSpan? first, TimeSpan? idle, TimeProvider time)
    {
        _call = call;
        _first = first;
        _idle = idle;
        _time = time;
        _timer = time.CreateTimer(OnTimer, this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether the caller may send more messages: as long as it may, a silence is not the upstream's alone.</summary>
    public bool IsRequestOpen { get; set; }

    private TimeSpan? Limit => _received ? _idle : _first;

    public void BeginWait()
    {
        lock (_gate)
        {
            if (Limit is not { } limit)
            {
                return;
            }

            var now = _time.GetTimestamp();
            _silentSince = now;
            Arm(now, limit);
        }
    }

    public void EndWait(bool received)
    {
        lock (_gate)
        {
            _silentSince = null;
            _received |= received;
        }
    }

    public void NoteSent()
    {
        lock (_gate)
        {
            if (_silentSince is not null)
            {
                _silentSince = _time.GetTimestamp();
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private static void OnTimer(object? timer) => ((SilenceTimer)timer!).Check();

    private void Check()
    {
        CallOutcome status;
        lock (_gate)
        {
            _firesAt = Never;
            if (_silentSince is not { } since || Limit is not { } limit)
            {
                return;
            }

            var now = _time.GetTimestamp();
            var left = limit - _time.GetElapsedTime(since, now);
            if (left > TimeSpan.Zero)
            {
                Arm(now, left);
                return;
            }

            status = FailureAfter(limit);
        }

        _call.Cancel(status);
    }

    private CallOutcome FailureAfter(TimeSpan limit)
    {
        if (IsRequestOpen)
        {
            return CallFailures.NoMessageEitherWay(limit);
        }

        return _received ? CallFailures.NoNextMessage(limit) : CallFailures.NoFirstMessage(limit);
    }

    // In whole milliseconds, as timers count, and never 0, which would fire over and over until the clock has moved.
    private void Arm(long now, TimeSpan wait)
    {
        var at = now + (long)(wait.TotalSeconds * _time.TimestampFrequency);
        if (at < _firesAt)
        {
            _firesAt = at;
            _timer.Change(TimeSpan.FromMilliseconds(Math.Max(Math.Ceiling(wait.TotalMilliseconds), 1)), Timeout.InfiniteTimeSpan);
        }
    }
}
