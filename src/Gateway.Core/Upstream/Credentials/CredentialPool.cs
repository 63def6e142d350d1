using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Gateway.Core.Upstream.Batching;

namespace Gateway.Core.Upstream.Credentials;

/// <summary>
/// The Personal Access Tokens of one tenant. Calls are spread over them, and each is made when its turn has come, so that no account gets
/// more calls than it allows, be it of several pools. Those that wait are served first come, first served, and requests that differ in
/// their inputs alone may travel together meanwhile. Thread-safe.
/// </summary>
public sealed class CredentialPool : ICredentialSource, IDisposable
{
    private static readonly CallRefusal Withdrawn = new("The tenant's credentials were withdrawn.", TimeSpan.FromSeconds(1));

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly LinkedList<TurnWaiter> _queue = new();
    private readonly ITimer _timer;
    private readonly AccountPaces _paces;
    private PatShare[] _pats = [];
    private CredentialPoolOptions _options = new();
    private RequestBatcher? _batcher;
    private int _first; // where the search for a turn begins
    private int _waiting;
    private bool _disposed;

    /// <summary>Makes a pool.</summary>
    /// <param name="pats">At least one, of different names.</param>
    /// <param name="options">How calls wait.</param>
    /// <param name="time">The clock of turns and waits.</param>
    /// <param name="paces">The paces that it shares with other pools; null for none.</param>
    public CredentialPool(IReadOnlyList<PatPace> pats, CredentialPoolOptions options, TimeProvider time, AccountPaces? paces = null)
    {
        _time = time;
        _paces = paces ?? new AccountPaces(time);
        _timer = time.CreateTimer(
            static pool => ((CredentialPool)pool!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Change(pats, options);
    }

    /// <summary>Is told how long each waited that had its turn. It is called under the pool's lock: nothing that takes time.</summary>
    public Action<TimeSpan>? Waited { get; init; }

    /// <summary>How many calls wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting;
            }
        }
    }

    /// <summary>The tokens of each PAT's turns, by the PAT's fingerprint: one is a turn. For those who lease or show them.</summary>
    public IReadOnlyList<KeyValuePair<string, TokenBucket>> Buckets
    {
        get
        {
            lock (_gate)
            {
                return [.. _pats.Select(pat => KeyValuePair.Create(pat.Pat.Fingerprint, pat.Pace.Bucket))];
            }
        }
    }

    /// <summary>Joins requests that wait; null when each goes alone.</summary>
    internal RequestBatcher? Batcher => Volatile.Read(ref _batcher);

    /// <summary>The pool's lock: it guards the queue, and who waits with whom in it.</summary>
    internal Lock Gate => _gate;

    /// <summary>
    /// Replaces PATs, paces and options while calls go on. A PAT of a name that was there before goes on with that one's pace, unless other
    /// pools have either: it is the same account's. What waits goes on waiting, and is made with those of now.
    /// </summary>
    /// <param name="pats">At least one, of different names.</param>
    /// <param name="options">How calls wait from now on.</param>
    public void Change(IReadOnlyList<PatPace> pats, CredentialPoolOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfZero(pats.Count);
        lock (_gate)
        {
            var former = _pats.ToDictionary(pat => pat.Name);
            _pats = [.. pats.Select(pace => Paced(pace, former))];
            foreach (var gone in former.Values)
            {
                _paces.Leave(gone);
            }

            NoteBacklog();

            if (_options != options || _batcher is null)
            {
                _batcher = options.Batching is { } limits ? new RequestBatcher(this, limits, options.Arrays) : null;
            }

            _options = options;
            Serve();
        }

        // Turns may come sooner now, to other pools too.
        foreach (var pat in _pats)
        {
            pat.Pace.Wake();
        }
    }

    /// <inheritdoc/>
    public bool TryTake([NotNullWhen(true)] out Pat? credential)
    {
        lock (_gate)
        {
            if (_queue.Count > 0)
            {
                Serve(); // a timer may be late
            }

            credential = null;
            return _queue.Count == 0 && TryTakeTurn(out credential);
        }
    }

    /// <inheritdoc/>
    public ValueTask<CredentialTurn> TakeAsync(TimeSpan? timeLeft, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiter = new SingleTurn(this);
        lock (_gate)
        {
            if (Enter(waiter, timeLeft) is { } refusal)
            {
                return new ValueTask<CredentialTurn>(new CredentialTurn(refusal));
            }

            Serve();
        }

        return waiter.WaitAsync(cancellationToken);
    }

    /// <summary>Waits for the turn of a call that waited for one before, in vain for no fault of its own: as long as it takes.</summary>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    internal ValueTask<CredentialTurn> TakeAgainAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiter = new SingleTurn(this) { ExpiresAt = long.MaxValue };
        lock (_gate)
        {
            if (_disposed)
            {
                return new ValueTask<CredentialTurn>(new CredentialTurn(Withdrawn));
            }

            Add(waiter);
            Serve();
        }

        return waiter.WaitAsync(cancellationToken);
    }

    /// <summary>Refuses what waits. Turns are still to be had.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            while (_queue.First is { } first)
            {
                Dismiss(first.Value, Withdrawn);
            }

            foreach (var pat in _pats)
            {
                _paces.Leave(pat);
            }
        }

        _timer.Dispose();
    }

    /// <summary>Puts something at the end of the queue. Under the gate.</summary>
    /// <param name="waiter">What waits, and leaves when its own time is over.</param>
    /// <param name="timeLeft">That time; null for as long as the pool lets anything wait.</param>
    /// <returns>Why it is not; null when it is.</returns>
    internal CallRefusal? Enter(TurnWaiter waiter, TimeSpan? timeLeft)
    {
        if (_disposed)
        {
            return Withdrawn;
        }

        var bound = timeLeft < _options.MaxWait ? timeLeft.Value : _options.MaxWait;
        var foreseen = Foreseen();
        if (foreseen > bound || !HasRoom)
        {
            return TooLong(bound, foreseen - bound);
        }

        waiter.ExpiresAt = _time.GetTimestamp() + (long)(_options.MaxWait.TotalSeconds * _time.TimestampFrequency);
        Add(waiter);
        return null;
    }

    /// <summary>Whether another call may wait. Under the gate.</summary>
    internal bool HasRoom => _waiting < _options.MaxWaiting;

    /// <summary>Counts calls that wait with something in the queue, or do so no more. Under the gate.</summary>
    internal void Count(int calls) => _waiting += calls;

    /// <summary>Takes something out of the queue, if it is in.</summary>
    /// <returns>Whether it was.</returns>
    internal bool Leave(TurnWaiter waiter)
    {
        lock (_gate)
        {
            return Remove(waiter);
        }
    }

    /// <summary>Gives turns to what waits, as far as there are any. Under the gate.</summary>
    internal void Serve()
    {
        while (_queue.First is { } first && TryTakeTurn(out var pat))
        {
            Remove(first.Value);
            Waited?.Invoke(_time.GetElapsedTime(first.Value.EnteredAt));
            first.Value.Take(new CredentialTurn(pat));
        }

        Arm(Expire());
    }

    private PatShare Paced(PatPace pace, Dictionary<string, PatShare> former)
    {
        if (former.Remove(pace.Name, out var pat))
        {
            _paces.Change(pat, pace);
            return pat;
        }

        pat = new PatShare(pace.Name) { Pat = pace.Pat, PerSecond = pace.RequestsPerSecond, Served = OnTimer };
        _paces.Enter(pat);
        return pat;
    }

    // Each time from another one on, so that accounts are used alike.
    private bool TryTakeTurn([NotNullWhen(true)] out Pat? credential)
    {
        for (var i = 0; i < _pats.Length; i++)
        {
            var pat = _pats[(_first + i) % _pats.Length];
            if (pat.Pace.TryTake(pat))
            {
                _first = (_first + i + 1) % _pats.Length;
                credential = pat.Pat;
                return true;
            }
        }

        credential = null;
        return false;
    }

    private void Add(TurnWaiter waiter)
    {
        waiter.EnteredAt = _time.GetTimestamp();
        _queue.AddLast(waiter.Place);
        _waiting += waiter.Calls;
        NoteBacklog();
    }

    private bool Remove(TurnWaiter waiter)
    {
        if (waiter.Place.List is null)
        {
            return false;
        }

        _queue.Remove(waiter.Place);
        _waiting -= waiter.Calls;
        NoteBacklog();
        return true;
    }

    private void Dismiss(TurnWaiter waiter, CallRefusal refusal)
    {
        Remove(waiter);
        waiter.Take(new CredentialTurn(refusal));
    }

    private void NoteBacklog()
    {
        foreach (var pat in _pats)
        {
            pat.Pace.NoteBacklog(pat, (_queue.Count + _pats.Length - 1) / _pats.Length);
        }
    }

    // How long the next one would wait, if all goes on as it does.
    private TimeSpan Foreseen() =>
        NextTurn() + TimeSpan.FromSeconds((_queue.Count + _pats.Sum(pat => pat.Pace.Ahead(pat))) / _pats.Sum(pat => pat.Pace.Rate));

    private TimeSpan NextTurn()
    {
        var next = _pats[0].Pace.Wait();
        for (var i = 1; i < _pats.Length; i++)
        {
            var wait = _pats[i].Pace.Wait();
            next = wait < next ? wait : next;
        }

        return next;
    }

    // When the next of those that are left expires.
    private long Expire()
    {
        var now = _time.GetTimestamp();
        var next = long.MaxValue;
        for (var place = _queue.First; place is not null;)
        {
            var waiter = place.Value;
            place = place.Next;
            if (waiter.ExpiresAt <= now)
            {
                Dismiss(waiter, TooLong(_options.MaxWait, TimeSpan.Zero));
            }
            else
            {
                next = Math.Min(next, waiter.ExpiresAt);
            }
        }

        return next;
    }

    // In whole milliseconds, as timers count, and never 0, which would fire over and over until the clock has moved.
    private void Arm(long expiresAt)
    {
        if (_queue.Count == 0 || _disposed)
        {
            return;
        }

        var wait = NextTurn();
        if (expiresAt != long.MaxValue && _time.GetElapsedTime(_time.GetTimestamp(), expiresAt) is var expiry && expiry < wait)
        {
            wait = expiry;
        }

        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(Math.Ceiling(wait.TotalMilliseconds), 1)), Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            Serve();
        }
    }

    private CallRefusal TooLong(TimeSpan bound, TimeSpan over)
    {
        var reason = string.Create(
            CultureInfo.InvariantCulture,
            $"The Clarifai account takes {_pats.Sum(pat => pat.Pace.PerSecond):0.###} requests per second, "
                + $"and more wait for their turn than it takes within {bound.TotalSeconds:0.###} s.");
        var oneTurn = TimeSpan.FromSeconds(1 / _pats.Sum(pat => pat.Pace.Rate));
        return new CallRefusal(reason, over > oneTurn ? over : oneTurn);
    }
}
