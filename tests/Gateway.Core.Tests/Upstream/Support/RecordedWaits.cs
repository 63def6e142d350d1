using Gateway.Core.Upstream.Telemetry;

namespace Gateway.Core.Tests.Upstream.Support;

/// <summary>Counts the waits that it is told of.</summary>
internal sealed class RecordedWaits : IWaitObserver
{
    private int _depth;
    private int _count;

    /// <summary>How many have begun and not ended.</summary>
    public int Depth => Volatile.Read(ref _depth);

    /// <summary>How many have begun.</summary>
    public int Count => Volatile.Read(ref _count);

    public void BeginWait()
    {
        Interlocked.Increment(ref _count);
        Interlocked.Increment(ref _depth);
    }

    public void EndWait() => Interlocked.Decrement(ref _depth);

    public void Retry()
    {
    }
}
