namespace Gateway.Fuzz;

/// <summary>Knows for how long one thread's case has been running. Any thread may ask.</summary>
internal sealed class CaseWatch
{
    private const long None = -1;

    /// <summary>A case takes a millisecond or less. Counted in the processor time of all threads, which stands still when a busy machine does not let us run.</summary>
    private static readonly TimeSpan TooLong = TimeSpan.FromSeconds(60);

    private long _number = None;
    private long _since;

    /// <summary>The case, when it has been running for too long.</summary>
    public long? Hanging => Volatile.Read(ref _number) is var number and not None && Environment.CpuUsage.TotalTime.Ticks - Volatile.Read(ref _since) > TooLong.Ticks ? number : null;

    public void Start(long number)
    {
        Volatile.Write(ref _since, Environment.CpuUsage.TotalTime.Ticks);
        Volatile.Write(ref _number, number);
    }

    public void Stop() => Volatile.Write(ref _number, None);
}
