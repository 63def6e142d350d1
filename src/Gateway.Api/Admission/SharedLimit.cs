using Gateway.Core.Upstream.Credentials;

namespace Gateway.Api.Admission;

/// <summary>
/// A limit that replicas share, as one of them has it: the tokens of its bucket come from the store, which gives away no more than the
/// limit allows. Each replica has a small credit to begin with, so that the first requests after a rest do not wait for the store. One
/// caller at a time.
/// </summary>
/// <remarks>
/// All replicas together admit at most the rate, and once what the store's bucket holds and the credits of the replicas: a quarter of a
/// second's worth, and a sixteenth for each.
/// </remarks>
internal sealed class SharedLimit
{
    private const double CapacityInSeconds = 1 / 4.0;
    private const double CreditInSeconds = 1 / 16.0;

    // Demand is rarely the same twice.
    private const double Reserve = 1.25;

    private readonly TokenBucket _bucket;
    private readonly TimeSpan _patience;
    private double _lastRate;

    /// <summary>Begins to share a limit.</summary>
    /// <param name="name">What the replicas call it.</param>
    /// <param name="bucket">The limit, as it is on this replica.</param>
    /// <param name="patience">The time without an answer of the store after which the replica goes on by itself.</param>
    public SharedLimit(string name, TokenBucket bucket, TimeSpan patience)
    {
        Name = name;
        _bucket = bucket;
        _patience = patience;
        bucket.TakeUnused();
        bucket.TakeDemand();
        _lastRate = bucket.Rate;
        bucket.BeginLease(_lastRate, patience);
        bucket.Grant(Credit);
    }

    /// <summary>What the replicas call it.</summary>
    public string Name { get; }

    /// <summary>Tokens a second, of all replicas.</summary>
    public double Rate => _bucket.Rate;

    /// <summary>How many tokens the store holds for it at most.</summary>
    public double Capacity => double.Max(1, Rate * CapacityInSeconds);

    private double Credit => double.Max(1, Math.Floor(Rate * CreditInSeconds));

    /// <summary>Whether the bucket is this one.</summary>
    public bool Is(TokenBucket bucket) => _bucket == bucket;

    /// <summary>How many tokens to ask the store for: below 0 for those that are given back, 0 for none.</summary>
    public double Ask()
    {
        var demand = _bucket.TakeDemand();
        var wanted = double.Max(Credit, demand * Reserve) - _bucket.Balance;
        return wanted >= 0 || demand > 0 ? double.Max(0, wanted) : -GiveBack(-wanted);
    }

    /// <summary>Takes what the store gave of what was asked for.</summary>
    /// <param name="tokens">How many.</param>
    /// <param name="elapsed">The time since the last answer.</param>
    public void Take(double tokens, TimeSpan elapsed)
    {
        // Should the store stop to answer: what it gave here of late, since others have the rest.
        var rate = double.Max(0, tokens) / elapsed.TotalSeconds;
        _lastRate = double.Clamp(_lastRate + ((rate - _lastRate) / 8), double.Min(1, Rate), Rate);
        _bucket.BeginLease(_lastRate, _patience);
        _bucket.Grant(double.Max(0, tokens));
    }

    private double GiveBack(double surplus)
    {
        var unused = _bucket.TakeUnused();
        var kept = double.Max(0, unused - Math.Floor(surplus));
        _bucket.Grant(kept);
        return unused - kept;
    }
}
