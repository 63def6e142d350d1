using Gateway.Bench.Load;

namespace Gateway.Bench.Reports;

/// <summary>The figures of one peer in one round.</summary>
/// <param name="CpuMicros">Processor time of the peer's process, in microseconds per unit.</param>
/// <param name="PerSecond">Units per second.</param>
/// <param name="P50">The median request, in milliseconds.</param>
/// <param name="P99">The 99th percentile, in milliseconds.</param>
/// <param name="PeakBytes">The most memory over idle.</param>
/// <param name="AllocatedBytes">Managed bytes allocated per unit; null where unknown.</param>
public sealed record Round(double CpuMicros, double PerSecond, double P50, double P99, double PeakBytes, double? AllocatedBytes)
{
    public static Round From(LoadResult load, int unitsPerRequest, TimeSpan cpu, long peakBytes, long? allocated)
    {
        var units = (double)load.Requests * unitsPerRequest;
        return new Round(
            cpu.TotalMicroseconds / units,
            units / load.Elapsed.TotalSeconds,
            load.P50.TotalMilliseconds,
            load.P99.TotalMilliseconds,
            peakBytes,
            allocated / units);
    }

    /// <summary>The medians of several rounds, and the highest peak.</summary>
    public static Round Typical(IReadOnlyList<Round> rounds) => new(
        Middle(rounds, round => round.CpuMicros),
        Middle(rounds, round => round.PerSecond),
        Middle(rounds, round => round.P50),
        Middle(rounds, round => round.P99),
        rounds.Max(round => round.PeakBytes),
        rounds[0].AllocatedBytes is null ? null : Middle(rounds, round => round.AllocatedBytes!.Value));

    private static double Middle(IReadOnlyList<Round> rounds, Func<Round, double> figure) => Median.Of([.. rounds.Select(figure)]);
}
