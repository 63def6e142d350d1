namespace Gateway.Core.Upstream.Credentials;

/// <summary>
/// One Personal Access Token and the pace of its account. Turns come evenly, but for a few at once after a rest; and in no second, nor in a
/// little more, are there more of them than the account allows. Under its pool's lock, but for the bucket.
/// </summary>
internal sealed class PacedPat
{
    // Requests that leave at their pace arrive a little closer together or further apart. What is sent in 1.02 s arrives within a second
    // only if the way takes 20 ms longer at one time than at another.
    private const double Second = 1.02;

    // Of those that the account allows in a second, how many may go at once after a rest: a page that makes three calls at a time has them
    // at once, and requests that merge when they wait do not use up in a moment what there is for the second.
    private const double BurstShare = 0.2;

    // The turns of a second; of more than these, the turns of a part of it.
    private const int MaxRemembered = 1000;

    private readonly TimeProvider _time;
    private long[] _last = []; // when the latest turns were
    private int _next; // the place of the next turn: the oldest, once all are taken
    private int _turns; // how many places are taken
    private bool _wasFull;

    public PacedPat(PatPace pace, TimeProvider time)
    {
        _time = time;
        Bucket = new TokenBucket(RateOf(pace.RequestsPerSecond), BurstOf(pace.RequestsPerSecond), time);
        Pat = pace.Pat;
        Name = pace.Name;
        Resize(pace.RequestsPerSecond);
    }

    /// <summary>What it is called in its pool.</summary>
    public string Name { get; }

    /// <summary>The token.</summary>
    public Pat Pat { get; private set; }

    /// <summary>The tokens of its turns, one for each.</summary>
    public TokenBucket Bucket { get; }

    /// <summary>How many requests in a second the account allows.</summary>
    public double PerSecond { get; private set; }

    /// <summary>Turns in a second, as long as somebody waits for them.</summary>
    public double Rate => RateOf(PerSecond);

    // As many turns as the ring has places are at least so far apart.
    private TimeSpan Window => TimeSpan.FromSeconds(_last.Length / Rate);

    /// <summary>Changes the token or its pace. Turns that were taken count.</summary>
    public void Change(PatPace pace)
    {
        Pat = pace.Pat;
        if (pace.RequestsPerSecond != PerSecond)
        {
            Bucket.Change(RateOf(pace.RequestsPerSecond), BurstOf(pace.RequestsPerSecond));
            Resize(pace.RequestsPerSecond);
        }
    }

    /// <summary>Takes a turn, if there is one now.</summary>
    public bool TryTake()
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

    /// <summary>How long until there is a turn, if nobody else takes it; zero for now.</summary>
    public TimeSpan Wait()
    {
        var window = WindowWait();
        var token = Bucket.WaitFor(1);
        return window > token ? window : token;
    }

    private static double RateOf(double perSecond) => perSecond / Second;

    private static double BurstOf(double perSecond) => Math.Max(1, Math.Floor(perSecond * BurstShare));

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
        PerSecond = perSecond;
        var resized = new long[(int)Math.Clamp(perSecond, 1, MaxRemembered)];
        var kept = Math.Min(_turns, resized.Length);
        for (var i = 0; i < kept; i++)
        {
            resized[i] = _last[(_next - kept + i + _last.Length) % _last.Length];
        }

        (_last, _turns, _next) = (resized, kept, kept % resized.Length);
    }
}
