using System.Collections.Concurrent;
using System.Diagnostics;

namespace Gateway.Testing;

/// <summary>
/// The gateway's spans of one trace, whose first the test begins itself; spans of what else runs in the process are not made.
/// </summary>
public sealed class RecordedSpans : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    /// <summary>Begins the trace; its first span is the current one from now on.</summary>
    /// <param name="isRecorded">Whether the trace is sampled.</param>
    public RecordedSpans(bool isRecorded = true)
    {
        Root = new Activity("test") { ActivityTraceFlags = isRecorded ? ActivityTraceFlags.Recorded : ActivityTraceFlags.None }.Start();
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Gateway",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.TraceId != Root.TraceId || !isRecorded ? ActivitySamplingResult.None : ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The test's own span.</summary>
    public Activity Root { get; }

    /// <summary>Those that have ended, in order.</summary>
    public IReadOnlyList<Activity> Ended => [.. _ended];

    public void Dispose()
    {
        _listener.Dispose();
        Root.Dispose();
    }
}
