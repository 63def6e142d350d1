using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Requests;
using Gateway.Api.Startup;
using Gateway.Core.Upstream;
using Gateway.Grpc;

namespace Gateway.Api.Endpoints;

/// <summary>What a load balancer asks: whether the process lives, and whether it can serve.</summary>
public static class HealthEndpoints
{
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Maps <c>/healthz/live</c> and <c>/healthz/ready</c>.</summary>
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/healthz").WithMetadata(HostNames.Exempt).ExcludeFromDescription();
        group.MapGet("/live", () => TypedResults.Text("live"));
        group.MapGet("/ready", ReadyAsync);
    }

    // Any answer of the upstream, be it "unimplemented", shows a working connection. The call goes the way of all calls: to another address
    // when one fails, and to one that is left out when none is usable, so that it finds out when the upstream is back.
    private static async Task<IResult> ReadyAsync(UpstreamTarget upstream, Drain drain, HttpContext http)
    {
        if (drain.HasBegun)
        {
            return TypedResults.Text("shutting down", statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        var request = new GetStatusCodeRequest { StatusCodeId = nameof(StatusCode.Success) };
        var call = new UpstreamCall(http.TraceIdentifier, ProbeTimeout, http.RequestAborted);
        var (status, _) = await upstream.ClientFor(null).GetStatusCodeAsync(request, call);
        return status.Code is GrpcStatusCode.Unavailable or GrpcStatusCode.DeadlineExceeded
            ? TypedResults.Text("the upstream does not answer", statusCode: StatusCodes.Status503ServiceUnavailable)
            : TypedResults.Text(Ready(upstream.Cluster));
    }

    // Counts only: who asks here needs no key, and the addresses are none of their business.
    private static string Ready(UpstreamCluster upstream) => upstream.EjectedAddresses is var ejected and not 0
        ? $"ready; {ejected} of {upstream.Addresses} upstream addresses cannot be reached"
        : "ready";
}
