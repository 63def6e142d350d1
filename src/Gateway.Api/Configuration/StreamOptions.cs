using System.ComponentModel.DataAnnotations;
using Gateway.Core.Upstream;

namespace Gateway.Api.Configuration;

/// <summary>How long a stream may take in each of its stages, and how it is kept alive.</summary>
internal sealed class StreamOptions
{
    /// <summary>How long the upstream's first message may take, and the client's where the call waits for it.</summary>
    [Positive]
    public TimeSpan FirstMessageTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the upstream may be silent between two messages. Heartbeats to the client do not count.</summary>
    [Positive]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a whole stream may take; null for as long as messages come.</summary>
    [Positive]
    public TimeSpan? TotalTimeout { get; set; }

    /// <summary>
    /// How long the HTTP status waits for the first message before heartbeats begin. From then on the status is 200, and a
    /// failure is told in the last record. Balancers commonly cut what is silent for 60 s.
    /// </summary>
    [Positive]
    public TimeSpan HeartbeatGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a stream may be silent before a heartbeat.</summary>
    [Positive]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long, at most, the gateway keeps a stream for a client that lost its connection and asked to come back.</summary>
    [Positive]
    public TimeSpan MaxResumeWindow { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many bytes of messages it keeps for each of them.</summary>
    [Positive]
    public long ResumeBufferBytes { get; set; } = 1024 * 1024;

    /// <summary>How many of them each key has at most; a further one streams all the same, but cannot be resumed.</summary>
    [Range(0, int.MaxValue, ErrorMessage = "{0} is zero or greater.")]
    public int MaxResumableStreams { get; set; } = 1000;
}
