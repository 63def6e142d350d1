using Gateway.Core.Upstream.Telemetry;

namespace Gateway.Api.Telemetry;

/// <summary>
/// Tells the time of a request that the gateway took itself from the time in which it waited, for its client, for the upstream, or for a
/// turn. Waits that overlap count once. Thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class WaitClock(TimeProvider time) : IWaitObserver
{
    private readonly Lock _gate = new();
    private readonly long _started = time.GetTimestamp();
    private long _waited;
    private long _since;
    private int _waits;
    private int _retries;

    /// <summary>How many attempts followed another one, so far.</summary>
    public int Retries => Volatile.Read(ref _retries);

    /// <summary>The time that the gateway took itself, so far.</summary>
    public TimeSpan Own
    {
        get
        {
            lock (_gate)
            {
                var now = _waits > 0 ? _since : time.GetTimestamp();
                return time.GetElapsedTime(_started + _waited, now);
            }
        }
    }

    public void Retry() => Interlocked.Increment(ref _retries);

    public void BeginWait()
    {
        lock (_gate)
        {
            if (_waits++ == 0)
            {
                _since = time.GetTimestamp();
            }
        }
    }

    public void EndWait()
    {
        lock (_gate)
        {
            if (--_waits == 0)
            {
                _waited += time.GetTimestamp() - _since;
            }
        }
    }
}
