using System.ComponentModel.DataAnnotations;

namespace Gateway.Core.Upstream.Retries;

/// <summary>
/// What is tried again before the client has seen a byte, and how often: calls that end with gRPC's <c>UNAVAILABLE</c>, and answers
/// that say the model is deploying, busy or loading.
/// </summary>
public sealed record RetryOptions
{
    /// <summary>
    /// The most attempts of one call that end with <c>UNAVAILABLE</c>, the first included; 1 for no retries. An address that cannot be
    /// connected to is no attempt while there is another one.
    /// </summary>
    [Positive]
    public int MaxAttempts { get; init; } = 3;

    /// <summary>The longest wait before the first retry. Waits are random below a bound that doubles each time.</summary>
    [Positive]
    public TimeSpan InitialBackoff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The longest wait before any retry. An upstream that is unavailable and asks for more is not waited for: the client gets its answer.
    /// </summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long after a call's start a model that is deploying, busy or loading is asked again; zero for never. Long enough for a model
    /// that is nearly there, and so short that a stream which waits in vain still answers with its HTTP status, before heartbeats begin.
    /// </summary>
    public TimeSpan LoadingTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The tokens of the retry budget, 1 to 1000: every attempt that ends with <c>UNAVAILABLE</c> takes one, every success gives a tenth
    /// back, and nothing is retried while no more than half are left, so that retries do not finish off an upstream that is down.
    /// </summary>
    [Range(1, 1000, ErrorMessage = "{0} is 1 to 1000.")]
    public int Budget { get; init; } = 100;
}
