namespace Gateway.Core.Upstream;

/// <summary>What one call to the upstream carries besides its message.</summary>
/// <param name="RequestId">The request's id, sent as the metadata <c>x-request-id</c>; null to send none.</param>
/// <param name="Timeout">How long the call may take; null for as long as it lasts.</param>
/// <param name="CancellationToken">Resets the call's stream.</param>
public readonly record struct UpstreamCall(string? RequestId, TimeSpan? Timeout, CancellationToken CancellationToken);
