using System.ComponentModel.DataAnnotations;
using Gateway.Core.Upstream;

namespace Gateway.Api.Configuration;

/// <summary>What a request may ask for at most. The defaults are the public API's own.</summary>
internal sealed class LimitOptions
{
    // What reads JSON in parts stands one deeper call for each level.
    private const int MaxDepth = 500;

    /// <summary>The largest request body, in bytes.</summary>
    [Positive]
    public long MaxBodyBytes { get; set; } = 128 * 1024 * 1024;

    /// <summary>
    /// The most bytes that all requests together may hold in memory. Null: a quarter of the memory that the process may use. A request that
    /// would go over it waits, for <see cref="MemoryTimeout"/>, and is answered 503 then.
    /// </summary>
    [Positive]
    public long? MemoryBytes { get; set; }

    /// <summary>How long a request waits for others to give memory back.</summary>
    [Positive]
    public TimeSpan MemoryTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The most bytes that a packed gRPC message may have when it is unpacked. It is also bound by its own bytes: over 1 MiB, a hundred for
    /// each.
    /// </summary>
    [Positive]
    public int MaxUnpackedBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>How many connections clients may have open; a further one is closed at once.</summary>
    [Positive]
    public long MaxConnections { get; set; } = 10_000;

    /// <summary>How long a connection may be open without a request on it.</summary>
    [Positive]
    public TimeSpan IdleConnectionTimeout { get; set; } = TimeSpan.FromSeconds(130);

    /// <summary>
    /// How many bytes a second a body has to come with, on average since it began and within every twenty seconds; one that is slower is
    /// broken off. Two-way calls may rest.
    /// </summary>
    [Positive]
    public int MinBodyBytesPerSecond { get; set; } = 240;

    /// <summary>The most inputs in one model call.</summary>
    [Positive]
    public int MaxModelInputs { get; set; } = 128;

    /// <summary>The most inputs in one workflow call.</summary>
    [Positive]
    public int MaxWorkflowInputs { get; set; } = 32;

    /// <summary>
    /// How deep JSON objects and arrays may nest. What would make messages nest deeper than protobuf takes is refused besides.
    /// </summary>
    [Range(1, MaxDepth, ErrorMessage = "{0} is a whole number from {1} to {2}.")]
    public int MaxJsonDepth { get; set; } = 64;

    /// <summary>The most members and elements in one JSON body.</summary>
    [Positive]
    public int MaxJsonMembers { get; set; } = 1_000_000;

    /// <summary>The longest text of one string field, in UTF-8 bytes; <c>bytes</c> fields are bound by the body alone.</summary>
    [Positive]
    public int MaxStringBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>How long a client may take nothing of an answer that waits for it; then it is cut.</summary>
    [Positive]
    public TimeSpan StalledClientTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether members of a request that its message does not have are refused, where the API passes over them.</summary>
    public bool RejectUnknownMembers { get; set; }
}
