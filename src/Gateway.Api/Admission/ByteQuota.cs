using Gateway.Core.Upstream;

namespace Gateway.Api.Admission;

/// <summary>
/// What the requests of a tenant, or of one of its keys, hold of the memory for all, and how much of it they may. Thread-safe.
/// </summary>
/// <param name="holder">Who has it, as refusals say: <c>Tenant acme</c>.</param>
internal sealed class ByteQuota(string holder)
{
    private long _used;

    /// <summary>The most that may be held, in percent of the memory for all; null for no limit.</summary>
    public int? Percent { get; set; }

    /// <summary>The bytes that are held.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>Why a request cannot hold more.</summary>
    public CallRefusal Refusal => new($"The requests of {holder} may hold {Percent} % of the memory for all.", AccountLimits.Soon);

    /// <summary>Whether it would be too much.</summary>
    /// <param name="bytes">How many bytes more.</param>
    /// <param name="forAll">The memory for all, in bytes.</param>
    public bool Exceeds(long bytes, long forAll) => Percent is { } percent && Used + bytes > forAll / 100 * percent;

    /// <summary>Counts bytes that are held, or with a minus given back.</summary>
    public void Add(long bytes) => Interlocked.Add(ref _used, bytes);
}
