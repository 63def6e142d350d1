namespace Gateway.Core.Upstream.Balancing;

/// <summary>
/// Whether an address may be used. Failures to reach it, so many without a success between them, eject it for a time, and so does a fault
/// that was confirmed; then one call at a time may probe it. A probe is taken to fail until it is known to have succeeded: claiming it
/// doubles the time to the next one, so that a probe which never reports back blocks nothing. Any success returns the address. Thread-safe.
/// </summary>
internal sealed class EndpointHealth(EjectionOptions options, TimeProvider time)
{
    private const long NotEjected = 0;

    private readonly Lock _gate = new();
    private readonly long _origin = time.GetTimestamp();
    private int _failures;
    private int _faults;
    private bool _isSuspected;
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
    public TimeSpan? Failed()
    {
        lock (_gate)
        {
            // Calls that were under way when the address was ejected fail after it: they say nothing new.
            return IsEjected || ++_failures < options.Failures ? null : EjectAnew();
        }
    }

    /// <summary>
    /// Notes that the address answered a call with a fault, or not in time, which what the call asked for may have caused.
    /// </summary>
    /// <returns>
    /// Whether it is now the caller's to find out, and to tell by <see cref="Cleared"/> or <see cref="Convicted"/>: after so many in a row,
    /// and at an address that is ejected, which the call may have probed.
    /// </returns>
    public bool Faulted()
    {
        lock (_gate)
        {
            if (_isSuspected || (!IsEjected && ++_faults < options.Faults))
            {
                return false;
            }

            return _isSuspected = true;
        }
    }

    /// <summary>Notes that the address does what it should when it is asked something that cannot be to blame.</summary>
    /// <returns>True when that ends an ejection.</returns>
    public bool Cleared()
    {
        lock (_gate)
        {
            _isSuspected = false;
            return Worked();
        }
    }

    /// <summary>Notes that it does not.</summary>
    /// <returns>How long it is ejected for; null when it was ejected already.</returns>
    public TimeSpan? Convicted()
    {
        lock (_gate)
        {
            _isSuspected = false;
            _faults = options.Faults; // a success meanwhile, of another call, had ended the count
            return IsEjected ? null : EjectAnew();
        }
    }

    private TimeSpan EjectAnew()
    {
        Eject(options.BaseTime);
        return _ejection;
    }

    private void Eject(TimeSpan length)
    {
        _ejection = length < options.MaxTime ? length : options.MaxTime;
        Volatile.Write(ref _probeAt, Now + _ejection.Ticks);
    }
}
