using System.Globalization;
using Gateway.Core.Upstream.Failures;
using Grpc.Core;

namespace Gateway.Core.Upstream;

/// <summary>
/// Why this side does not make a call: a limit, of the account or of this side's own. It becomes the call's outcome, RESOURCE_EXHAUSTED,
/// and reaches clients as what an upstream says about another attempt does. It says nothing about the upstream, and is not retried.
/// </summary>
/// <param name="Reason">One sentence for the client that names the limit; nothing secret.</param>
/// <param name="RetryAfter">When to ask again.</param>
public sealed record CallRefusal(string Reason, TimeSpan RetryAfter)
{
    /// <summary>This side shuts down while the call waits.</summary>
    internal static readonly CallRefusal ShuttingDown = new("", TimeSpan.Zero) { Outcome = CallFailures.ShuttingDown, Trailers = [] };

    /// <summary>The call's time was over before it had its turn.</summary>
    internal static readonly CallRefusal NoTimeLeft = new("", TimeSpan.Zero) { Outcome = CallFailures.NoTimeLeft, Trailers = [] };

    /// <summary>The call was given up while it waited.</summary>
    internal static readonly CallRefusal Disposed = new("", TimeSpan.Zero) { Outcome = CallFailures.Disposed, Trailers = [] };

    /// <summary>How the call ends.</summary>
    internal CallOutcome Outcome { get; private init; } = new(StatusCode.ResourceExhausted, Reason) { TellsNothing = true };

    /// <summary>What tells when to ask again: gRFC A6's pushback, in milliseconds; more than 24 days are as good as 24.</summary>
    internal Metadata Trailers { get; private init; } = [PushbackOf(RetryAfter)];

    /// <summary>What tells a client of gRPC when to ask again.</summary>
    public Metadata.Entry Pushback => PushbackOf(RetryAfter);

    private static Metadata.Entry PushbackOf(TimeSpan wait) => new(
        "grpc-retry-pushback-ms",
        ((int)Math.Clamp(Math.Ceiling(wait.TotalMilliseconds), 0, int.MaxValue)).ToString(CultureInfo.InvariantCulture));
}
