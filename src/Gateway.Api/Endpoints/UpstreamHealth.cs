using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Startup;
using Gateway.Core.Upstream;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Api.Endpoints;

/// <summary>Whether the gateway can serve: for those who ask by HTTP, and for those who ask by gRPC.</summary>
internal sealed class UpstreamHealth(UpstreamTarget upstream, Drain drain) : IHealthCheck
{
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        CheckAsync(requestId: null, cancellationToken);

    /// <summary>
    /// Asks the upstream. Any answer of it, be it "unimplemented", shows a working connection. The call goes the way of all calls: to another address
    /// when one fails, and to one that is left out when none is usable, so that it finds out when the upstream is back.
    /// </summary>
    /// <param name="requestId">The id of the request that wants to know; null for none.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    public async Task<HealthCheckResult> CheckAsync(string? requestId, CancellationToken cancellationToken)
    {
        if (drain.HasBegun)
        {
            return HealthCheckResult.Unhealthy("shutting down");
        }

        var request = new GetStatusCodeRequest { StatusCodeId = nameof(StatusCode.Success) };
        var (outcome, _) = await upstream.ClientFor(null).GetStatusCodeAsync(request, new UpstreamCall(requestId, ProbeTimeout, cancellationToken));
        return outcome.Code is GrpcStatusCode.Unavailable or GrpcStatusCode.DeadlineExceeded
            ? HealthCheckResult.Unhealthy("the upstream does not answer")
            : HealthCheckResult.Healthy(Ready(upstream.Cluster));
    }

    // Counts only: who asks here needs no key, and the addresses are none of their business.
    private static string Ready(UpstreamCluster upstream) => upstream.EjectedAddresses is var ejected and not 0
        ? $"ready; {ejected} of {upstream.Addresses} upstream addresses cannot be reached"
        : "ready";
}
