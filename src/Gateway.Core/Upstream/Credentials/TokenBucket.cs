namespace Gateway.Core.Upstream.Credentials;

/// <summary>Stand-in until the real one is merged.</summary>
public sealed class TokenBucket(double rate, double burst, TimeProvider time)
{
    private readonly Lock _gate = new();
    private double _tokens = burst;
    private long _at = time.GetTimestamp();

    /// <summary>Rate.</summary>
    public double Rate { get; private set; } = rate;

    /// <summary>Burst.</summary>
    public double Burst { get; private set; } = burst;

    /// <summary>Available.</summary>
    public double Available
    {
        get
        {
            lock (_gate)
            {
                Fill();
                return _tokens;
            }
        }
    }

    /// <summary>Change.</summary>
    public void Change(double rate, double burst)
    {
        lock (_gate)
        {
            Fill();
            Rate = rate;
            Burst = burst;
        }
    }

    /// <summary>Take.</summary>
    public bool TryTake(double cost)
    {
        lock (_gate)
        {
            Fill();
            if (_tokens < Math.Min(cost, Burst))
            {
                return false;
            }

            _tokens -= cost;
            return true;
        }
    }

    /// <summary>Wait.</summary>
    public TimeSpan WaitFor(double cost)
    {
        lock (_gate)
        {
            Fill();
            return TimeSpan.FromSeconds(Math.Max(0, (Math.Min(cost, Burst) - _tokens) / Rate));
        }
    }

    private void Fill()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(Burst, _tokens + (time.GetElapsedTime(_at, now).TotalSeconds * Rate));
        _at = now;
    }
}
