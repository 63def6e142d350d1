namespace Gateway.Api.Streams;

/// <summary>
/// Wakes the heartbeats of all streams by one timer: a timing wheel. With a timer each, the runtime would go through thousands of them
/// whenever one is due. What is due within the same tick is woken together, at its end. Thread-safe.
/// <code>
///   slots, a tick each:   ... | woken | _turned | next | ... |   and round again: what is due in a later turn stays in its slot
/// </code>
/// </summary>
internal sealed class HeartbeatWheel : IDisposable
{
    // As many as make a turn of 51 s, which is longer than streams usually are silent.
    private const int SlotCount = 512;
    private const long Never = long.MaxValue;

    // Intervals are seconds; nobody notices by how much they are longer.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly LinkedList<Heartbeats>[] _slots = [.. Enumerable.Range(0, SlotCount).Select(_ => new LinkedList<Heartbeats>())];
    private readonly LinkedList<Heartbeats> _due = [];
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _timer;
    private long _turned; // the last tick whose slot was looked at
    private long _firesAt = Never; // a tick

    /// <summary>Makes a wheel that rests until there are heartbeats.</summary>
    public HeartbeatWheel(TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(wheel => ((HeartbeatWheel)wheel!).Turn(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sets when to wake heartbeats, once; what was set before does not count any more.</summary>
    /// <param name="heartbeats">Whom to wake.</param>
    /// <param name="due">In how long.</param>
    public void Schedule(Heartbeats heartbeats, TimeSpan due)
    {
        lock (_gate)
        {
            Take(heartbeats.Place);
            var now = _time.GetElapsedTime(_start);
            var next = (long)(now / Tick) + 1;
            var tick = Math.Max((long)Math.Ceiling((now / Tick) + (due / Tick)), next);
            heartbeats.DueTick = tick;
            SlotOf(tick).AddLast(heartbeats.Place);
            FireAt(next + ((tick - next) % SlotCount), now);
        }
    }

    /// <summary>Wakes heartbeats no more.</summary>
    public void Remove(Heartbeats heartbeats)
    {
        lock (_gate)
        {
            Take(heartbeats.Place);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Turn()
    {
        lock (_gate)
        {
            var now = _time.GetElapsedTime(_start);
            var tick = (long)(now / Tick);
            for (var turned = Math.Max(_turned, tick - SlotCount); turned < tick; turned++)
            {
                MoveDue(SlotOf(turned + 1), tick);
            }

            _turned = tick;
            _firesAt = Never;
            if (NextInUse() is { } next)
            {
                FireAt(next, now);
            }
        }

        while (TakeDue() is { } heartbeats)
        {
            _ = heartbeats.BeatAsync();
        }
    }

    private Heartbeats? TakeDue()
    {
        lock (_gate)
        {
            var heartbeats = _due.First?.Value;
            if (heartbeats is not null)
            {
                _due.RemoveFirst();
            }

            return heartbeats;
        }
    }

    private void MoveDue(LinkedList<Heartbeats> slot, long tick)
    {
        for (var place = slot.First; place is not null;)
        {
            var next = place.Next;
            if (place.Value.DueTick <= tick)
            {
                slot.Remove(place);
                _due.AddLast(place);
            }

            place = next;
        }
    }

    private static void Take(LinkedListNode<Heartbeats> place) => place.List?.Remove(place);

    private long? NextInUse()
    {
        for (var tick = _turned + 1; tick <= _turned + SlotCount; tick++)
        {
            if (SlotOf(tick).Count > 0)
            {
                return tick;
            }
        }

        return null;
    }

    // In whole milliseconds, as timers count, and never 0, which would fire over and over until the clock has moved.
    private void FireAt(long tick, TimeSpan now)
    {
        if (tick < _firesAt)
        {
            _firesAt = tick;
            var wait = Math.Max(Math.Ceiling(((tick * Tick) - now).TotalMilliseconds), 1);
            _timer.Change(TimeSpan.FromMilliseconds(wait), Timeout.InfiniteTimeSpan);
        }
    }

    private LinkedList<Heartbeats> SlotOf(long tick) => _slots[tick % SlotCount];
}
