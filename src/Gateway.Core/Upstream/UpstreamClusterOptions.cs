using Gateway.Core.Upstream.Balancing;
using Gateway.Core.Upstream.Retries;

namespace Gateway.Core.Upstream;

/// <summary>What an upstream is made of, and how it is used.</summary>
public sealed record UpstreamClusterOptions
{
    /// <summary>
    /// Groups of equal addresses, at least one of at least one: calls go to the first group that has a usable address.
    /// <c>http://</c> is cleartext HTTP/2, <c>https://</c> is TLS.
    /// </summary>
    public required IReadOnlyList<IReadOnlyList<Uri>> Groups { get; init; }

    /// <summary>When addresses are left out.</summary>
    public EjectionOptions Ejection { get; init; } = new();

    /// <summary>
    /// The time after which a call that has no answer is the address's fault; that a call had less, as clients may give it, says nothing of
    /// the address. Null: such a call never is.
    /// </summary>
    public TimeSpan? Patience { get; init; }

    /// <summary>What is retried.</summary>
    public RetryOptions Retry { get; init; } = new();

    /// <summary>The clock of ejections and waits.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the chance in waits comes from; thread-safe.</summary>
    public Random Random { get; init; } = Random.Shared;
}
