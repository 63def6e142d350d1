using Gateway.Api.Http;
using Gateway.Api.Lifetime;
using Gateway.Api.Upstream;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Api.Hosting;

/// <summary>What a load balancer asks: whether the process lives, and whether it can serve.</summary>
internal static class HealthEndpoints
{
    /// <summary>Maps <c>/healthz/live</c> and <c>/healthz/ready</c>.</summary>
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/healthz").WithMetadata(HostNames.Exempt).ExcludeFromDescription();
        group.MapGet("/live", Live);
        group.MapGet("/ready", ReadyAsync);
    }

    private static ContentHttpResult Live(HttpContext http)
    {
        http.Response.Headers["X-Gateway-Version"] = GatewayVersion.Number;
        return TypedResults.Text("live");
    }

    private static async Task<IResult> ReadyAsync(UpstreamHealth upstream, HttpContext http)
    {
        var health = await upstream.CheckAsync(http.RequestAborted);
        return TypedResults.Text(
            health.Description, statusCode: health.Status == HealthStatus.Healthy
                ? StatusCodes.Status200OK
                : StatusCodes.Status503ServiceUnavailable);
    }
}
