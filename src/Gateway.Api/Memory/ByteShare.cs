using Gateway.Core.Upstream;

namespace Gateway.Api.Memory;

/// <summary>
/// What one request holds of the <see cref="ByteBudget"/>. Whoever reads a message into memory takes bytes, whoever lets go of it gives
/// them back; what is left goes back with the request. One caller at a time.
/// </summary>
/// <param name="budget">The budget.</param>
internal sealed class ByteShare(ByteBudget budget) : IMemoryShare, IDisposable
{
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
        if (!budget.TryTake(bytes, Held))
        {
            return false;
        }

        Held += bytes;
        return true;
    }

    /// <summary>Counts bytes that are in memory already.</summary>
    public void Add(long bytes)
    {
        budget.Add(bytes);
        Held += bytes;
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
        Held -= released;
        budget.Return(released);
    }

    public void Dispose() => Release();

    private async ValueTask<bool> WaitAsync(long bytes, CancellationToken cancellationToken)
    {
        var taken = await budget.TakeAsync(this, bytes, cancellationToken);
        Held += taken ? bytes : 0;
        return taken;
    }
}
