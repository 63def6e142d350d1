using Gateway.Bench.Peers;
using Gateway.Bench.Workloads;

namespace Gateway.Bench.Reports;

/// <summary>What one workload cost its peers, who took turns.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="Rounds">The rounds of each peer, as many for each.</param>
public sealed record Measurement(Workload Workload, IReadOnlyDictionary<Peer, IReadOnlyList<Round>> Rounds);
