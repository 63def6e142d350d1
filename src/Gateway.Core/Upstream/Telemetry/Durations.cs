using System.Diagnostics.Metrics;

namespace Gateway.Core.Upstream.Telemetry;

/// <summary>The buckets of histograms of seconds.</summary>
public static class Durations
{
    /// <summary>Calls that wait for somebody else, up to models that take minutes.</summary>
    public static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
    };

    /// <summary>What the gateway does itself, which takes microseconds.</summary>
    public static readonly InstrumentAdvice<double> SmallBuckets = new()
    {
        HistogramBucketBoundaries =
            [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    };
}
