namespace Gateway.Core.Upstream.Credentials;

/// <summary>
/// The pace of a Personal Access Token's account. Turns come evenly, but for a few at once after a rest; and in no second, nor in a
/// little more, are there more of them than the account allows. Pools that wait for the same one get their turns by turns. Thread-safe.
/// </summary>
internal sealed class AccountPace
{
    // Requests that leave at their pace arrive a little closer together or further apart. What is sent in 1.02 s arrives within a second
    // only if the way takes 20 ms longer at one time than at another.
    private const double Second = 1.02;

    // Of those that the account allows in a second, how many may go at once after a rest: a page that makes three calls at a time has them
    // at once, and requests that merge when they wait do not use up in a moment what there is for the second.
    private const double BurstShare = 0.2;

    // The turns of a second; of more than these, the turns of a part of it.
    private const int MaxRemembered = 1000;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly List<PatShare> _shares = [];
    private readonly List<PatShare> _waiting = []; // the one whose turn is next comes first
    private long[] _last = []; // when the latest turns were
    private int _next; // the place of the next turn: the oldest, once all are taken
    private int _turns; // how many places are taken
    private bool _wasFull;
    private double _perSecond;

    public AccountPace(string fingerprint, double perSecond, TimeProvider time)
    {
        _time = time;
        Fingerprint = fingerprint;
        Bucket = new TokenBucket(RateOf(perSecond), BurstOf(perSecond), time);
        Resize(perSecond);
    }

    /// <summary>What tells the token from others without showing it. Under the lock of the paces.</summary>
    public string Fingerprint { get; set; }

    /// <summary>The tokens of its turns, one for each.</summary>
    public TokenBucket Bucket { get; }

    /// <summary>How many pools have part in it.</summary>
    public int Shares
    {
        get
        {
            lock (_gate)
            {
                return _shares.Count;
            }
        }
    }

    /// <summary>How many requests in a second the account allows: the least that a pool says.</summary>
    public double PerSecond
    {
        get
        {
            lock (_gate)
            {
                return _perSecond;
            }
        }
    }

    /// <summary>Turns in a second, as long as somebody waits for them.</summary>
    public double Rate => RateOf(PerSecond);

    // As many turns as the ring has places are at least so far apart.
    private TimeSpan Window => TimeSpan.FromSeconds(_last.Length / RateOf(_perSecond));

    /// <summary>Gives a pool part in it.</summary>
    public void Enter(PatShare share)
    {
        lock (_gate)
        {
            _shares.Add(share);
        }

        Bucket.Granted += share.Served;
        Review();
    }

    /// <summary>Ends a pool's part. Turns that were taken count.</summary>
    public void Leave(PatShare share)
    {
        Bucket.Granted -= share.Served;
        NoteBacklog(share, 0);
        lock (_gate)
        {
            _shares.Remove(share);
        }

        Review();
    }

    /// <summary>Follows what the pools say of the pace. Turns that were taken count.</summary>
    public void Review()
    {
        lock (_gate)
        {
            if (_shares.Count > 0 && _shares.Min(share => share.PerSecond) is var perSecond && perSecond != _perSecond)
            {
                Bucket.Change(RateOf(perSecond), BurstOf(perSecond));
                Resize(perSecond);
            }
        }
    }

    /// <summary>Tells all pools that turns may come sooner than they know. Under no lock.</summary>
    public void Wake()
    {
        PatShare[] shares;
        lock (_gate)
        {
            shares = [.. _shares];
        }

        foreach (var share in shares)
        {
            share.Served();
        }
    }

    /// <summary>Is told how much of a pool waits.</summary>
    public void NoteBacklog(PatShare share, int backlog)
    {
        lock (_gate)
        {
            Bucket.AddBacklog(backlog - share.Backlog);
            share.Backlog = backlog;
            if (backlog == 0)
            {
                _waiting.Remove(share);
            }
        }
    }

    /// <summary>How many turns others get before one more of a pool's has its own.</summary>
    public int Ahead(PatShare share)
    {
        lock (_gate)
        {
            var ahead = 0;
            foreach (var other in _shares)
            {
                ahead += other == share ? 0 : Math.Min(other.Backlog, share.Backlog + 1);
            }

            return ahead;
        }
    }

    /// <summary>Takes a turn, if there is one now, and none of another pool that waits for it.</summary>
    public bool TryTake(PatShare share)
    {
        lock (_gate)
        {
            var isNext = _waiting.Count == 0 || _waiting[0] == share;
            if (isNext && TryTakeNow())
            {
                _waiting.Remove(share);
                return true;
            }

            if (share.Backlog > 0 && !_waiting.Contains(share))
            {
                _waiting.Add(share);
            }

            return false;
        }
    }

    /// <summary>How long until there is a turn, if nobody else takes it; zero for now.</summary>
    public TimeSpan Wait()
    {
        lock (_gate)
        {
            var window = WindowWait();
            var token = Bucket.WaitFor(1);
            return window > token ? window : token;
        }
    }

    private static double RateOf(double perSecond) => perSecond / Second;

    private static double BurstOf(double perSecond) => Math.Max(1, Math.Floor(perSecond * BurstShare));

    private bool TryTakeNow()
    {
        if (WindowWait() > TimeSpan.Zero)
        {
            _wasFull = true;
            return false;
        }

        if (!Bucket.TryTakeTurn())
        {
            return false;
        }

        if (_wasFull)
        {
            // The tokens that came back meanwhile would let a few go at once again and again, each second.
            _wasFull = false;
            Bucket.Drain();
        }

        _last[_next] = _time.GetTimestamp();
        _next = (_next + 1) % _last.Length;
        _turns = Math.Min(_turns + 1, _last.Length);
        return true;
    }

    private TimeSpan WindowWait()
    {
        if (_turns < _last.Length)
        {
            return TimeSpan.Zero;
        }

        var left = Window - _time.GetElapsedTime(_last[_next]);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    // The latest turns stay known.
    private void Resize(double perSecond)
    {
        _perSecond = perSecond;
        var resized = new long[(int)Math.Clamp(perSecond, 1, MaxRemembered)];
        var kept = Math.Min(_turns, resized.Length);
        for (var i = 0; i < kept; i++)
        {
            resized[i] = _last[(_next - kept + i + _last.Length) % _last.Length];
        }

        (_last, _turns, _next) = (resized, kept, kept % resized.Length);
    }
}
