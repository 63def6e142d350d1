using Gateway.Bench.Peers;
using Gateway.Bench.Reports;
using Gateway.Bench.Workloads;

namespace Gateway.Bench.Checks;

/// <summary>A figure of the gateway that must not get worse: a ratio, which a slow hour leaves as it is. Less is better.</summary>
/// <param name="Workload">The workload that it is of.</param>
/// <param name="What">What it is of the workload.</param>
/// <param name="Ratio">Its value, from the gateway's figures and the floor's.</param>
public sealed record Figure(Workload Workload, string What, Func<Round, Round, double> Ratio)
{
    public static IReadOnlyList<Figure> All { get; } =
    [
        .. Workload.All.Select(workload => new Figure(workload, "CPU / null", Cpu)),
        new(Workload.Named("W1"), "allocated bytes / null", Allocated),
        new(Workload.Named("W3x16"), "peak memory / bytes in flight", Peak),
    ];

    /// <summary>Its name in the file and in the table.</summary>
    public string Name => $"{Workload.Name}: {What}";

    /// <summary>Its value in a measurement of its workload.</summary>
    public MeasuredFigure Of(Measurement measurement)
    {
        var gateway = measurement.Rounds[Peer.Gateway];
        var floor = measurement.Rounds[Peer.Null];
        return new MeasuredFigure(this, Ratio(Round.Typical(gateway), Round.Typical(floor)), [.. gateway.Zip(floor, Ratio)]);
    }

    private static double Cpu(Round gateway, Round floor) => gateway.CpuMicros / floor.CpuMicros;

    private static double Allocated(Round gateway, Round floor) => gateway.AllocatedBytes!.Value / floor.AllocatedBytes!.Value;

    private static double Peak(Round gateway, Round floor) => gateway.PeakBytes / Workload.Named("W3x16").InFlight / Samples.ImageBytes;
}
