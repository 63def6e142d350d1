namespace Gateway.Store.Model;

/// <summary>A token bucket that replicas share.</summary>
internal sealed class LeaseRow
{
    public required string Bucket { get; init; }

    public double Tokens { get; init; }

    /// <summary>Tokens a second that it fills with, as whoever asked last has it.</summary>
    public double Rate { get; init; }

    /// <summary>Tokens that it holds at most, as whoever asked last has it.</summary>
    public double Capacity { get; init; }

    /// <summary>What the last who asked was given.</summary>
    public double Granted { get; init; }

    public long Updated { get; init; }
}
