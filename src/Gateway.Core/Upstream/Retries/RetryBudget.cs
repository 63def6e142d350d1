namespace Gateway.Core.Upstream.Retries;

/// <summary>How much an upstream may be retried (gRFC A6, "Throttling Retry Attempts and Hedged RPCs"). Thread-safe.</summary>
/// <param name="tokens">The tokens of a full budget.</param>
internal sealed class RetryBudget(int tokens)
{
    // Counted in tenths of a token: what one success gives back.
    private const int Token = 10;

    private readonly int _full = tokens * Token;
    private int _left = tokens * Token;

    /// <summary>Whether retries are to be left alone.</summary>
    public bool IsSpent => Volatile.Read(ref _left) <= _full / 2;

    /// <summary>Notes an attempt that failed.</summary>
    public void Take() => Add(-Token);

    /// <summary>Notes a success.</summary>
    public void Restore()
    {
        if (Volatile.Read(ref _left) < _full)
        {
            Add(1);
        }
    }

    private void Add(int tenths)
    {
        int left;
        do
        {
            left = Volatile.Read(ref _left);
        }
        while (Interlocked.CompareExchange(ref _left, Math.Clamp(left + tenths, 0, _full), left) != left);
    }
}
