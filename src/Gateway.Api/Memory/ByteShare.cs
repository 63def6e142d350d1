using Gateway.Api.Admission;
using Gateway.Core.Upstream;

namespace Gateway.Api.Memory;

/// <summary>
/// What one request holds of the <see cref="ByteBudget"/>. Whoever reads a message into memory takes bytes, whoever lets go of it gives
/// them back; what is left goes back with the request. One caller at a time.
/// </summary>
/// <param name="budget">The budget.</param>
internal sealed class ByteShare(ByteBudget budget) : IMemoryShare, IDisposable
{
    private ByteQuota? _tenant;
    private ByteQuota? _key;

    /// <summary>The bytes held.</summary>
    public long Held { get; private set; }

    /// <summary>How many bytes of memory a byte of the body stands for; more than one where it becomes objects.</summary>
    public int Weight { get; set; } = 1;

    /// <summary>The share's place among those that wait; null until it does.</summary>
    internal long? Number { get; set; }

    /// <summary>The most bytes that a body can have.</summary>
    public long Largest => budget.Largest / Weight;

    /// <summary>Whether a request could never hold as many bytes more.</summary>
    public bool Exceeds(long bytes) => Held + bytes > budget.Largest;

    /// <summary>Counts what is held, from now on, for a tenant and its key as well.</summary>
    /// <param name="tenant">The tenant's quota; null for none.</param>
    /// <param name="key">The key's quota; null for none.</param>
    public void ChargeTo(ByteQuota? tenant, ByteQuota? key)
    {
        var held = Held;
        Note(-held);
        (_tenant, _key) = (Limited(tenant), Limited(key));
        Note(held);
    }

    /// <summary>Why bytes more are not for this tenant or key; null when they are.</summary>
    public CallRefusal? QuotaRefusal(long bytes) =>
        _key?.Exceeds(bytes, budget.ForAll) == true ? _key.Refusal
        : _tenant?.Exceeds(bytes, budget.ForAll) == true ? _tenant.Refusal
        : null;

    /// <inheritdoc/>
    public ValueTask<bool> TakeAsync(long bytes, CancellationToken cancellationToken)
    {
        if (TryTake(bytes))
        {
            return ValueTask.FromResult(true);
        }

        return WaitAsync(bytes, cancellationToken);
    }

    /// <summary>Takes bytes when they are to be had at once.</summary>
    public bool TryTake(long bytes)
    {
        if (QuotaRefusal(bytes) is not null || !budget.TryTake(bytes, Held))
        {
            return false;
        }

        Note(bytes);
        return true;
    }

    /// <summary>Counts bytes that are in memory already.</summary>
    public void Add(long bytes)
    {
        budget.Add(bytes);
        Note(bytes);
    }

    /// <summary>Gives all bytes back, and counts others that are in memory in their place.</summary>
    public void Exchange(long bytes)
    {
        Release();
        Add(bytes);
    }

    /// <summary>Gives bytes back: a number of them, or all.</summary>
    public void Release(long? bytes = null)
    {
        var released = bytes ?? Held;
        Note(-released);
        budget.Return(released);
    }

    public void Dispose() => Release();

    private async ValueTask<bool> WaitAsync(long bytes, CancellationToken cancellationToken)
    {
        var taken = QuotaRefusal(bytes) is null && await budget.TakeAsync(this, bytes, cancellationToken);
        Note(taken ? bytes : 0);
        return taken;
    }

    // One without a limit costs nothing.
    private static ByteQuota? Limited(ByteQuota? quota) => quota?.Percent is null ? null : quota;

    private void Note(long bytes)
    {
        Held += bytes;
        _tenant?.Add(bytes);
        _key?.Add(bytes);
    }
}
