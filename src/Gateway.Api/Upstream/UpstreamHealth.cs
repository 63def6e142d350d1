using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Lifetime;
using Gateway.Core.Upstream;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Api.Upstream;

/// <summary>Whether the gateway can serve: for those who ask by HTTP, and for those who ask by gRPC.</summary>
internal sealed class UpstreamHealth(UpstreamTarget upstream, Drain drain, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);

    // Anybody may ask, as often as they like; the upstream is asked once in this time.
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task<GrpcStatusCode>? _probe;
    private long _probed;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        CheckAsync(cancellationToken);

    /// <summary>
    /// Asks the upstream, unless it was asked just now. Any answer of it, be it "unimplemented", shows a working connection. The call goes
    /// the way of all calls: to another address when one fails, and to one that is left out when none is usable, so that it finds out when
    /// the upstream is back.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting for its answer.</param>
    public async Task<HealthCheckResult> CheckAsync(CancellationToken cancellationToken)
    {
        if (drain.HasBegun)
        {
            return HealthCheckResult.Unhealthy("shutting down");
        }

        return await Probe().WaitAsync(cancellationToken) is GrpcStatusCode.Unavailable or GrpcStatusCode.DeadlineExceeded
            ? HealthCheckResult.Unhealthy("the upstream does not answer")
            : HealthCheckResult.Healthy(Ready(upstream.Cluster));
    }

    private Task<GrpcStatusCode> Probe()
    {
        lock (_gate)
        {
            if (_probe is null || (_probe.IsCompleted && time.GetElapsedTime(_probed) >= Freshness))
            {
                _probed = time.GetTimestamp();
                _probe = ProbeAsync();
            }

            return _probe;
        }
    }

    private async Task<GrpcStatusCode> ProbeAsync()
    {
        var request = new GetStatusCodeRequest { StatusCodeId = nameof(StatusCode.Success) };
        var (outcome, _) = await upstream.OwnClient().GetStatusCodeAsync(
            request, new UpstreamCall(null, ProbeTimeout, CancellationToken.None));
        return outcome.Code;
    }

    // Counts only: who asks here needs no key, and the addresses are none of their business.
    private static string Ready(UpstreamCluster upstream) => upstream.EjectedAddresses is var ejected and not 0
        ? $"ready; {ejected} of {upstream.Addresses} upstream addresses cannot be reached"
        : "ready";
}
