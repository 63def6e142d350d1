namespace Gateway.Core.Upstream.Batching;

/// <summary>How much travels together.</summary>
public sealed record BatchLimits
{
    /// <summary>The most inputs of one call to a model.</summary>
    public int MaxModelInputs { get; init; } = 128;

    /// <summary>The most inputs of one call to a workflow.</summary>
    public int MaxWorkflowInputs { get; init; } = 32;

    /// <summary>
    /// The most bytes of one call. What gRPC servers take unless they were told otherwise is 4 MiB, and larger requests gain little.
    /// </summary>
    public int MaxBytes { get; init; } = 4 * 1024 * 1024;
}
