using Gateway.Core.Wire;

namespace Gateway.Api.Memory;

/// <summary>
/// Has the pools let go of what is not in use any more, and gives memory back to the system: when much of it was held and calm has come,
/// and when the process idles with more than it had the last time. The collector would, when it next has something to do; a process that
/// idles has nothing, and holds what its busiest minute took.
/// </summary>
internal sealed partial class HeapTrim(
    ByteBudget budget, SegmentPool segments, BlockPools blocks, TimeProvider time, ILogger<HeapTrim> logger) : BackgroundService
{
    // What is worth a collection of the whole heap though small requests go on, what is calm, and what is allocated by one that idles: a
    // probe, a heartbeat.
    private const long Much = 16 * 1024 * 1024;
    private const long Little = 1024 * 1024;
    private const long Idle = 256 * 1024;

    // One part in so many more than before is worth it where nothing goes on.
    private const int Part = 20;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    // The shared pool lets go of an array that one collection finds unused when another, half a minute later, still does. JSON documents
    // have theirs from there, as large as their texts.
    private static readonly TimeSpan SharedPool = TimeSpan.FromSeconds(32);

    private long _most;
    private long _letGo;
    private long _allocated;
    private long _resident;
    private long? _muchGivenBack;

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
        var allocated = GC.GetTotalAllocatedBytes();
        var isIdle = allocated - _allocated <= Idle;
        _allocated = allocated;
        _most = Math.Max(_most, most);
        _letGo += blocks.Trim();
        LargeArrays.Pool.Trim();
        if (most > Little)
        {
            return;
        }

        var isMuch = Math.Max(_most, _letGo) >= Much;
        var isLeftOver = _muchGivenBack is { } then && time.GetElapsedTime(then) >= SharedPool;
        if (isMuch || isLeftOver || (isIdle && HasGrown()))
        {
            _muchGivenBack = isMuch ? time.GetTimestamp() : isLeftOver ? null : _muchGivenBack;
            GiveBack();
        }
    }

    private bool HasGrown() => Environment.WorkingSet > _resident + (_resident / Part);

    private void GiveBack()
    {
        var before = Environment.WorkingSet;
        segments.Clear();
        LargeArrays.Pool.Clear();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        (_most, _letGo, _resident) = (0, 0, Environment.WorkingSet);
        LogGivenBack(before, _resident);
    }

    [LoggerMessage(LogLevel.Debug, "Memory was given back: {Before} bytes were resident, {After} are")]
    private partial void LogGivenBack(long before, long after);
}
