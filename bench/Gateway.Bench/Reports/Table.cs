using System.Globalization;
using Gateway.Bench.Peers;

namespace Gateway.Bench.Reports;

/// <summary>One workload's figures as a Markdown table, the floor and the plain gateway as what the others are compared to.</summary>
public static class Table
{
    public static IEnumerable<string> Of(Measurement measurement)
    {
        var workload = measurement.Workload;
        var figures = measurement.Rounds.ToDictionary(pair => pair.Key, pair => Round.Typical(pair.Value));
        var unit = workload.IsStream ? "event" : "request";
        yield return $"### {workload.Name}: {workload.What}";
        yield return "";
        yield return $"| peer | CPU µs/{unit} | × null | × typed | {unit}s/s | p50 ms | p99 ms | peak over idle MB | allocated B/{unit} |";
        yield return "|---|--:|--:|--:|--:|--:|--:|--:|--:|";
        foreach ((var peer, var round) in figures)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"| {peer.Name} | {round.CpuMicros:N1} | {Ratio(round, figures, Peer.Null)} | {Ratio(round, figures, Peer.Typed)} | {round.PerSecond:N0} | {round.P50:N2} | {round.P99:N2} | {round.PeakBytes / 1e6:N1} | {round.AllocatedBytes:N0} |");
        }

        yield return "";
    }

    private static string Ratio(Round round, Dictionary<Peer, Round> figures, Peer reference) =>
        figures.TryGetValue(reference, out var other) ? (round.CpuMicros / other.CpuMicros).ToString("N2", CultureInfo.InvariantCulture) : "";
}
