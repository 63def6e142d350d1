namespace Gateway.Core.Upstream.Retries;

/// <summary>
/// How long to wait before a retry: at random below a bound that doubles ("full jitter"), so that callers do not come back together.
/// </summary>
/// <param name="initial">The bound of the first wait.</param>
/// <param name="longest">The bound of any wait.</param>
/// <param name="random">Where chance comes from; thread-safe if the backoff is shared.</param>
internal sealed class Backoff(TimeSpan initial, TimeSpan longest, Random random)
{
    /// <summary>The wait before a retry, by its number; the first is 1.</summary>
    public TimeSpan Before(int retry)
    {
        var bound = Math.Min(Math.ScaleB(initial.TotalSeconds, retry - 1), longest.TotalSeconds);
        return TimeSpan.FromSeconds(bound * random.NextDouble());
    }
}
