namespace Gateway.Bench.Capacity;

/// <summary>
/// What docs/capacity.md reckons with. A request takes the processor for a time, and for a while more when it finds it at rest, which has to be
/// woken up; one core serves requests in the order in which they come. So a request takes what it takes alone, and what it waits for those before.
/// </summary>
/// <param name="Busy">What a request takes of a processor that never rests.</param>
/// <param name="Waking">What it takes besides of one that does.</param>
/// <param name="Alone">How long requests took when there were few.</param>
internal sealed record CapacityModel(TimeSpan Busy, TimeSpan Waking, IReadOnlyList<TimeSpan> Alone)
{
    // Any will do, so long as it is the same in each run.
    private const int Seed = 18;

    /// <summary>Reads it from two measurements.</summary>
    /// <param name="saturated">The load that leaves no rest.</param>
    /// <param name="low">A load that leaves much.</param>
    public static CapacityModel Of(Measured saturated, Measured low) =>
        new(saturated.PerRequest, (low.PerRequest - saturated.PerRequest) / (1 - low.Cores), low.Load.Latencies);

    /// <summary>
    /// The cores that a rate needs: of <c>cores = rate × (busy + waking × (1 − cores))</c>, since that part of the requests finds one at rest.
    /// </summary>
    public double Cores(double perSecond) => perSecond * (Busy + Waking).TotalSeconds / (1 + (perSecond * Waking.TotalSeconds));

    /// <summary>How long each request of a load takes: a simulation, request by request.</summary>
    public IReadOnlyList<TimeSpan> Latencies(OpenLoadResult load)
    {
        var service = TimeSpan.FromSeconds(Cores(load.PerSecond) / load.PerSecond);
        var random = new Random(Seed);
        var latencies = new List<TimeSpan>(load.Arrivals.Count);
        var free = TimeSpan.Zero;
        foreach (var arrival in load.Arrivals)
        {
            var begin = arrival > free ? arrival : free;
            free = begin + service;
            latencies.Add(begin - arrival + Alone[random.Next(Alone.Count)]);
        }

        return latencies;
    }
}
