namespace Gateway.Core.Upstream.Balancing;

/// <summary>
/// Whether an address may be used. Failures to reach it, or faults of its own, so many without a success between them, eject it for a time;
/// then one call at a time may probe it. A probe is taken to fail until it is known to have succeeded: claiming it doubles the time to the
/// next one, so that a probe which never reports back blocks nothing. Any success returns the address. Thread-safe.
/// </summary>
internal sealed class EndpointHealth(EjectionOptions options, TimeProvider time)
{
    private const long NotEjected = 0;

    private readonly Lock _gate = new();
    private readonly long _origin = time.GetTimestamp();
    private int _failures;
    private int _faults;
    private TimeSpan _ejection;
    private long _probeAt = NotEjected; // ticks since the origin

    /// <summary>Whether the address is left out; a call may probe it all the same once that is due.</summary>
    public bool IsEjected => Volatile.Read(ref _probeAt) != NotEjected;

    /// <summary>
    /// When the next probe is due, in ticks that only compare with those of the same clock; zero when the address is not ejected.
    /// </summary>
    public long ProbeAt => Volatile.Read(ref _probeAt);

    /// <summary>Whether <see cref="TryUse"/> would admit a call.</summary>
    public bool IsUsable => Volatile.Read(ref _probeAt) is var probeAt && (probeAt == NotEjected || probeAt <= Now);

    private long Now => time.GetElapsedTime(_origin).Ticks;

    /// <summary>Admits a call: any while the address is not ejected, else the one that probes it.</summary>
    public bool TryUse()
    {
        if (!IsEjected)
        {
            return true;
        }

        lock (_gate)
        {
            if (!IsUsable)
            {
                return false;
            }

            if (IsEjected)
            {
                Eject(_ejection * 2);
            }

            return true;
        }
    }

    /// <summary>Notes that the address was reached, and did what it should.</summary>
    /// <returns>True when that ends an ejection.</returns>
    public bool Worked()
    {
        if ((Volatile.Read(ref _failures) | Volatile.Read(ref _faults)) == 0)
        {
            return false;
        }

        lock (_gate)
        {
            var wasEjected = IsEjected;
            _failures = _faults = 0;
            Volatile.Write(ref _probeAt, NotEjected);
            return wasEjected;
        }
    }

    /// <summary>Notes that the address could not be reached.</summary>
    /// <returns>How long it is ejected for, when this failure does it; otherwise null.</returns>
    public TimeSpan? Failed() => Count(ref _failures, options.Failures);

    /// <summary>Notes that the address was at fault, or answered nothing in time.</summary>
    /// <returns>How long it is ejected for, when this fault does it; otherwise null.</returns>
    public TimeSpan? Faulted() => Count(ref _faults, options.Faults);

    private TimeSpan? Count(ref int count, int limit)
    {
        lock (_gate)
        {
            // Calls that were under way when the address was ejected fail after it: they say nothing new.
            if (IsEjected || ++count < limit)
            {
                return null;
            }

            Eject(options.BaseTime);
            return _ejection;
        }
    }

    private void Eject(TimeSpan length)
    {
        _ejection = length < options.MaxTime ? length : options.MaxTime;
        Volatile.Write(ref _probeAt, Now + _ejection.Ticks);
    }
}
