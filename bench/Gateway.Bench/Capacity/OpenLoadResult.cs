namespace Gateway.Bench.Capacity;

/// <summary>What became of a load.</summary>
/// <param name="Arrivals">When each request was sent, from the start on.</param>
/// <param name="Latencies">How long each took.</param>
/// <param name="Elapsed">From the start to the last answer.</param>
internal sealed record OpenLoadResult(IReadOnlyList<TimeSpan> Arrivals, IReadOnlyList<TimeSpan> Latencies, TimeSpan Elapsed)
{
    /// <summary>Requests a second.</summary>
    public double PerSecond => Latencies.Count / Elapsed.TotalSeconds;

    /// <summary>What a part of the requests was faster than, in milliseconds.</summary>
    public static double Quantile(IReadOnlyList<TimeSpan> latencies, double part) =>
        latencies.Order().ElementAt((int)(latencies.Count * part)).TotalMilliseconds;
}
