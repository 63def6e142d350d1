namespace Gateway.Api.Faces.HomeAssistant;

/// <summary>When a scan comes next. Immutable.</summary>
/// <param name="interval">The time from one scan to the next, greater than zero.</param>
/// <param name="maxBackoff">The longest pause of a scan that fails, unless the interval is longer.</param>
internal sealed class ScanSchedule(TimeSpan interval, TimeSpan maxBackoff)
{
    private static readonly TimeSpan FirstWithin = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The wait before the first scan: a part of the interval or of 10 seconds, so that not all cameras are asked at once.
    /// </summary>
    /// <param name="random">Where chance comes from.</param>
    public TimeSpan BeforeFirst(Random random) => (interval < FirstWithin ? interval : FirstWithin) * random.NextDouble();

    /// <summary>
    /// The wait after a scan: to the next point of the interval, leaving out those that the scan took; after failures twice as long for
    /// each.
    /// </summary>
    /// <param name="took">How long the scan took.</param>
    /// <param name="failures">How many in a row have failed, this one included; 0 when it did not.</param>
    public TimeSpan After(TimeSpan took, int failures)
    {
        if (failures == 0)
        {
            return interval - new TimeSpan(took.Ticks % interval.Ticks);
        }

        var backoff = Math.Min(Math.ScaleB(interval.TotalSeconds, failures), maxBackoff.TotalSeconds);
        return TimeSpan.FromSeconds(Math.Max(interval.TotalSeconds, backoff));
    }
}
