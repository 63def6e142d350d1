using Grpc.Core;

namespace Gateway.Core.Tests.Upstream.Support;

/// <summary>How a call ended, in words that belong to no transport.</summary>
internal readonly record struct Outcome(StatusCode Code, string Text = "")
{
    public static readonly Outcome OK = new(StatusCode.OK);

    /// <summary>Whether this side's own size limit ended the call.</summary>
    public bool IsOverSizeLimit { get; init; }

    /// <summary>Whether the upstream could not be reached, or the connection was lost.</summary>
    public bool IsConnectionFailure { get; init; }

    /// <summary>Whether the upstream surely has done nothing for the call.</summary>
    public bool IsUnprocessed { get; init; }

    /// <summary>The outcome of calls that no connection could be made for.</summary>
    public static Outcome Unreachable(string why) =>
        new(StatusCode.Unavailable, "upstream unreachable: " + why) { IsConnectionFailure = true, IsUnprocessed = true };
}
