namespace Gateway.Testing;

/// <summary>A clock that moves only when a test moves it, and then fires the timers that are due.</summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly TaskCompletionSource _timerSet = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _timersSet = new(0);
    private readonly Dictionary<TimeSpan, SemaphoreSlim> _timersSetFor = [];
    private TimeSpan _elapsed;

    /// <summary>Completes when the first timer waits.</summary>
    public Task TimerSet => _timerSet.Task;

    /// <summary>Completes when a timer waits that no earlier call of this has told of.</summary>
    public Task NextTimerAsync() => _timersSet.WaitAsync();

    /// <summary>The same for timers that were set to wait that long.</summary>
    public Task NextTimerAsync(TimeSpan dueTime)
    {
        lock (_gate)
        {
            return SetFor(dueTime).WaitAsync();
        }
    }

    /// <summary>How many timers are waiting.</summary>
    public int WaitingTimers
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count(timer => timer.DueAt is not null);
            }
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return DateTimeOffset.UnixEpoch + _elapsed;
        }
    }

    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return _elapsed.Ticks;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state, period);
        lock (_gate)
        {
            _timers.Add(timer);
        }

        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock on, and runs what falls due on the calling thread.</summary>
    public void Advance(TimeSpan time)
    {
        ManualTimer[] due;
        lock (_gate)
        {
            _elapsed += time;
            due = [.. _timers.Where(timer => timer.DueAt <= _elapsed)];
        }

        foreach (var timer in due)
        {
            timer.Fire();
        }
    }

    private SemaphoreSlim SetFor(TimeSpan dueTime)
    {
        if (!_timersSetFor.TryGetValue(dueTime, out var set))
        {
            _timersSetFor.Add(dueTime, set = new SemaphoreSlim(0));
        }

        return set;
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state, TimeSpan period) : ITimer
    {
        private TimeSpan _period = period;

        public TimeSpan? DueAt { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                DueAt = dueTime == Timeout.InfiniteTimeSpan ? null : clock._elapsed + dueTime;
                _period = period;
                if (DueAt is null)
                {
                    return true;
                }

                clock._timerSet.TrySetResult();
                clock._timersSet.Release();
                clock.SetFor(dueTime).Release();
                return true;
            }
        }

        public void Fire()
        {
            lock (clock._gate)
            {
                DueAt = _period > TimeSpan.Zero ? DueAt + _period : null;
            }

            callback(state);
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
