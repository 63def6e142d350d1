namespace Gateway.Bench.Batching;

/// <summary>What a load came to.</summary>
/// <param name="Latencies">The milliseconds that each answer took, in order.</param>
/// <param name="Elapsed">How long it lasted.</param>
internal sealed record BatchingResult(List<double> Latencies, TimeSpan Elapsed)
{
    public double At(double part) => Latencies[(int)(Latencies.Count * part)];
}
