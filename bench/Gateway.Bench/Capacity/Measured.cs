namespace Gateway.Bench.Capacity;

/// <summary>A load, and the processor time that the gateway took for it.</summary>
internal sealed record Measured(OpenLoadResult Load, TimeSpan Cpu)
{
    /// <summary>Processor time of a request.</summary>
    public TimeSpan PerRequest => Cpu / Load.Latencies.Count;

    /// <summary>Cores in use.</summary>
    public double Cores => Cpu / Load.Elapsed;
}
