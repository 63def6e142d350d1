using Gateway.Core.Wire;

namespace Gateway.Api.Memory;

/// <summary>
/// Has the pools let go of what is not in use any more, and gives memory back to the system when much of it was held and calm has come. The
/// collector would, when it next has something to do; a process that idles has nothing, and holds what its busiest minute took.
/// </summary>
internal sealed class HeapTrim(ByteBudget budget, SegmentPool segments, BlockPools blocks, TimeProvider time) : BackgroundService
{
    // What is worth a collection of the whole heap, and what is calm.
    private const long Much = 16 * 1024 * 1024;
    private const long Little = 1024 * 1024;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private long _most;
    private long _letGo;

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
        var most = Math.Max(budget.TakeMost(), budget.Used);
        _most = Math.Max(_most, most);
        _letGo += blocks.Trim();
        LargeArrays.Pool.Trim();
        if (Math.Max(_most, _letGo) < Much || most > Little)
        {
            return;
        }

        (_most, _letGo) = (0, 0);
        segments.Clear();
        LargeArrays.Pool.Clear();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
