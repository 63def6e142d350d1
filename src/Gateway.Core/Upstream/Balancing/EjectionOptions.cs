namespace Gateway.Core.Upstream.Balancing;

/// <summary>When an address that cannot be reached, or does not work, is left out, and for how long.</summary>
public sealed record EjectionOptions
{
    /// <summary>How many calls in a row must fail to reach an address before it is left out; at least 1.</summary>
    [Positive]
    public int Failures { get; init; } = 3;

    /// <summary>
    /// How many calls in a row must time out at an address, or be answered that it is at fault, before it is left out; at least 1.
    /// </summary>
    [Positive]
    public int Faults { get; init; } = 5;

    /// <summary>How long it is left out before one call tries it again; every such call that fails doubles the time.</summary>
    [Positive]
    public TimeSpan BaseTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest time between two such calls.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromMinutes(1);
}
