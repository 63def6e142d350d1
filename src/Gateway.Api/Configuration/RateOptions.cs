using System.ComponentModel.DataAnnotations;
using Gateway.Core.Upstream;

namespace Gateway.Api.Configuration;

/// <summary>How much one tenant, or one of its keys, may ask at a time. What is null has no limit.</summary>
internal sealed class RateOptions
{
    /// <summary>How many requests a second. Up to half a second's worth may come at once.</summary>
    [Positive]
    public int? RequestsPerSecond { get; set; }

    /// <summary>
    /// How many inputs of predictions a second. A request with more than are left runs into debt, which later ones wait for.
    /// </summary>
    [Positive]
    public int? InputsPerSecond { get; set; }

    /// <summary>How many requests at the same time, streams among them.</summary>
    [Positive]
    public int? Concurrency { get; set; }

    /// <summary>How many streams at the same time: calls that are answered by more than one message, or ask by more than one.</summary>
    [Positive]
    public int? Streams { get; set; }

    /// <summary>The most that its requests may hold of the memory for all, in percent of <see cref="LimitOptions.MemoryBytes"/>.</summary>
    [Range(1, 100, ErrorMessage = "{0} is a whole number from {1} to {2}.")]
    public int? MemoryPercent { get; set; }
}
