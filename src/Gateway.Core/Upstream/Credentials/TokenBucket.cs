namespace Gateway.Core.Upstream.Credentials;

/// <summary>
/// Tokens that come back at a rate, up to a burst: in any time <c>T</c>, costs of up to <c>burst + rate × T</c> are admitted, and no more.
/// What costs more than the burst is admitted when the bucket is full, and makes a debt. Thread-safe; one short lock.
/// </summary>
/// <remarks>
/// Leased, the bucket is one of several that share a limit: its tokens come from elsewhere by <see cref="Grant"/>, in answer to what
/// <see cref="TakeDemand"/> says, and what is not used goes back by <see cref="TakeUnused"/>. Where no grant comes for a while, they come
/// back at a rate of its own.
/// </remarks>
public sealed class TokenBucket
{
    // What adding up fractions may lose.
    private const double Rounding = 1e-6;

    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private double _rate;
    private double _burst;
    private double _tokens; // as of _asOf
    private long _asOf;
    private Lease? _lease;
    private double _demand;
    private int _backlog;

    /// <summary>Makes a bucket that is full.</summary>
    /// <param name="rate">Tokens a second, more than 0.</param>
    /// <param name="burst">How many there are at most, at least 1.</param>
    /// <param name="time">The clock.</param>
    public TokenBucket(double rate, double burst, TimeProvider time)
    {
        _time = time;
        _asOf = time.GetTimestamp();
        (_rate, _burst) = Checked(rate, burst);
        _tokens = burst;
    }

    /// <summary>Tokens a second.</summary>
    public double Rate
    {
        get
        {
            lock (_gate)
            {
                return _rate;
            }
        }
    }

    /// <summary>How many tokens there are at most.</summary>
    public double Burst
    {
        get
        {
            lock (_gate)
            {
                return _burst;
            }
        }
    }

    /// <summary>How many whole tokens there are now; 0 when there is a debt.</summary>
    public long Remaining
    {
        get
        {
            lock (_gate)
            {
                Refill();
                return (long)Math.Max(0, _tokens + Rounding);
            }
        }
    }

    /// <summary>How many tokens there are now, in parts of one, too; below 0 when there is a debt.</summary>
    public double Balance
    {
        get
        {
            lock (_gate)
            {
                Refill();
                return _tokens;
            }
        }
    }

    /// <summary>Is raised after each grant. Not under the bucket's lock.</summary>
    internal event Action? Granted;

    /// <summary>Takes tokens.</summary>
    /// <param name="cost">How many, more than 0.</param>
    /// <param name="wait">When they are not there: how long it takes until they are, if nobody else takes any.</param>
    /// <returns>Whether they were there.</returns>
    public bool TryTake(long cost, out TimeSpan wait)
    {
        lock (_gate)
        {
            _demand += cost;
            return TryTakeUncounted(cost, out wait);
        }
    }

    /// <summary>Says how much more waits for tokens, which is demand as long as it waits; below 0 for less.</summary>
    internal void AddBacklog(int more)
    {
        lock (_gate)
        {
            _backlog += more;
        }
    }

    /// <summary>Takes a token for what waits where there is none, and counts as backlog then.</summary>
    internal bool TryTakeTurn()
    {
        lock (_gate)
        {
            var isTaken = TryTakeUncounted(1, out _);
            _demand += isTaken ? 1 : 0;
            return isTaken;
        }
    }

    /// <summary>Lets go of all tokens, so that the next one comes after its full time.</summary>
    internal void Drain()
    {
        lock (_gate)
        {
            Refill();
            _tokens = Math.Min(_tokens, 0);
        }
    }

    /// <summary>Gives back tokens that were taken for what then did not happen.</summary>
    public void Return(long cost)
    {
        lock (_gate)
        {
            Refill();
            _tokens = _lease is null ? Math.Min(_burst, _tokens + cost) : _tokens + cost;
        }
    }

    /// <summary>How long until tokens can be taken, if nobody else takes any; zero for now.</summary>
    public TimeSpan WaitFor(long cost)
    {
        lock (_gate)
        {
            Refill();
            return WaitUntil(Math.Min(cost, _burst));
        }
    }

    /// <summary>Changes rate and burst. A debt stays one.</summary>
    public void Change(double rate, double burst)
    {
        lock (_gate)
        {
            Refill();
            (_rate, _burst) = Checked(rate, burst);
            _tokens = _lease is null ? Math.Min(_tokens, burst) : _tokens;
        }
    }

    /// <summary>Leases the bucket: from now on, tokens come by grants. What is in it stays.</summary>
    /// <param name="fallbackRate">How many come back in a second when grants stop; 0 for none.</param>
    /// <param name="patience">The time without a grant after which they do.</param>
    public void BeginLease(double fallbackRate, TimeSpan patience)
    {
        lock (_gate)
        {
            Refill();
            _lease = new Lease(fallbackRate, patience, _asOf);
        }
    }

    /// <summary>Ends the lease: tokens come back by themselves again.</summary>
    public void EndLease()
    {
        lock (_gate)
        {
            Refill();
            _lease = null;
            _tokens = Math.Min(_tokens, _burst);
        }
    }

    /// <summary>Adds tokens that were leased; none of them says that leases go on, and there are none.</summary>
    public void Grant(double tokens)
    {
        lock (_gate)
        {
            Refill();
            _tokens += tokens;
            if (_lease is { } lease)
            {
                _lease = lease with { GrantedAt = _asOf };
            }
        }

        Granted?.Invoke();
    }

    /// <summary>What was asked for since this was last called, admitted or not, and what waits.</summary>
    public double TakeDemand()
    {
        lock (_gate)
        {
            var demand = _demand + _backlog;
            _demand = 0;
            return demand;
        }
    }

    /// <summary>Takes out the whole tokens that are left, to be given back to where they were leased.</summary>
    public long TakeUnused()
    {
        lock (_gate)
        {
            Refill();
            var unused = (long)Math.Max(0, _tokens + Rounding);
            _tokens -= unused;
            return unused;
        }
    }

    private static (double Rate, double Burst) Checked(double rate, double burst)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate);
        ArgumentOutOfRangeException.ThrowIfLessThan(burst, 1);
        return (rate, burst);
    }

    private bool TryTakeUncounted(long cost, out TimeSpan wait)
    {
        Refill();
        wait = WaitUntil(Math.Min(cost, _burst));
        if (wait > TimeSpan.Zero)
        {
            return false;
        }

        _tokens -= cost;
        return true;
    }

    // Rounded up to what the clock can tell: whoever waits so long gets them.
    private TimeSpan WaitUntil(double needed)
    {
        var missing = needed - _tokens;
        if (missing <= Rounding)
        {
            return TimeSpan.Zero;
        }

        var seconds = Math.Min(missing / _rate, LongestWait.TotalSeconds); // leased, a guess
        return TimeSpan.FromTicks((long)Math.Ceiling(seconds * TimeSpan.TicksPerSecond));
    }

    private void Refill()
    {
        var now = _time.GetTimestamp();
        var since = _asOf;
        var rate = _rate;
        if (_lease is { } lease)
        {
            since = Math.Max(since, lease.GrantedAt + (long)(lease.Patience.TotalSeconds * _time.TimestampFrequency));
            rate = lease.FallbackRate;
        }

        if (now > since && _tokens < _burst)
        {
            _tokens = Math.Min(_burst, _tokens + _time.GetElapsedTime(since, now).TotalSeconds * rate);
        }

        _asOf = now;
    }

    private readonly record struct Lease(double FallbackRate, TimeSpan Patience, long GrantedAt);
}
