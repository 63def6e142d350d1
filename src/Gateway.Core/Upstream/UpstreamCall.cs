using Gateway.Core.Upstream.Telemetry;
using Grpc.Core;

namespace Gateway.Core.Upstream;

/// <summary>What one call to the upstream carries besides its message.</summary>
/// <param name="RequestId">The request's id, sent as the metadata <c>x-request-id</c>; null to send none.</param>
/// <param name="Timeout">How long the call may take; null for as long as it lasts.</param>
/// <param name="CancellationToken">Resets the call's stream.</param>
public readonly record struct UpstreamCall(string? RequestId, TimeSpan? Timeout, CancellationToken CancellationToken)
{
    /// <summary>How long a read may wait for the first response message; null for no limit.</summary>
    public TimeSpan? FirstMessageTimeout { get; init; }

    /// <summary>How long a read may wait for every later message; null for no limit.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>Where a large answer is counted before it is read, if it is the only one of its call; null for nowhere.</summary>
    public IMemoryShare? Memory { get; init; }

    /// <summary>Is told while the call waits: for its turn, for the upstream, for its next attempt. Null for nobody.</summary>
    public IWaitObserver? Waits { get; init; }

    /// <summary>Metadata to send besides; never a credential. Null for none.</summary>
    public Metadata? Metadata { get; init; }
}
