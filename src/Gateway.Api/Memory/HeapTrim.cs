using Gateway.Core.Wire;

namespace Gateway.Api.Memory;

/// <summary>
/// Gives memory back to the system when much of it was held and calm has come. The collector would, when it next has something to do; a process that
/// idles has nothing, and holds what its busiest minute took.
/// </summary>
internal sealed class HeapTrim(ByteBudget budget, SegmentPool segments, TimeProvider time) : BackgroundService
{
    // What is worth a collection of the whole heap, and what is calm.
    private const long Much = 16 * 1024 * 1024;
    private const long Little = 1024 * 1024;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private long _most;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        await using var stopping = stoppingToken.Register(timer.Dispose);
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            Look();
        }
    }

    private void Look()
    {
        _most = Math.Max(_most, budget.TakeMost());
        if (_most < Much || budget.Used > Little)
        {
            return;
        }

        _most = 0;
        segments.Clear();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
