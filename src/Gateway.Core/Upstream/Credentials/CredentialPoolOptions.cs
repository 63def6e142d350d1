using System.Buffers;
using Gateway.Core.Upstream.Batching;
using Gateway.Core.Wire;

namespace Gateway.Core.Upstream.Credentials;

/// <summary>How a pool lets calls wait.</summary>
public sealed record CredentialPoolOptions
{
    /// <summary>How long a call may wait for its turn. One that foreseeably had to wait longer is refused at once.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many calls may wait at a time.</summary>
    public int MaxWaiting { get; init; } = 4096;

    /// <summary>How requests that wait travel together; null when each goes alone.</summary>
    public BatchLimits? Batching { get; init; } = new();

    /// <summary>Where the memory of what travels together comes from.</summary>
    internal ArrayPool<byte> Arrays { get; init; } = LargeArrays.Pool;
}
