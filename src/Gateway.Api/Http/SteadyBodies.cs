using Gateway.Api.Configuration;
using Gateway.Api.Lifetime;
using Gateway.Api.Logging;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Http;

/// <summary>
/// Holds bodies to the least rate for as long as they take. The server's own check is of the average since the body began: behind many fast
/// bytes, one could trickle for days. Ends those that are still on their way when the gateway's time is over. Stands before what unpacks
/// bodies: what comes over the wire counts.
/// </summary>
/// <param name="next">What takes the request.</param>
/// <param name="options">The rate.</param>
/// <param name="drain">The gateway's time.</param>
internal sealed class SteadyBodies(RequestDelegate next, IOptions<GatewayOptions> options, Drain drain, TimeProvider time)
{
    private readonly int _bytesPerSecond = options.Value.Limits.MinBodyBytesPerSecond;

    /// <summary>Runs the request.</summary>
    public Task InvokeAsync(HttpContext http) =>
        http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true }
            && http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate
            ? HoldAsync(http, rate)
            : next(http);

    private async Task HoldAsync(HttpContext http, IHttpMinRequestBodyDataRateFeature rate)
    {
        await using var body = new SteadyBody(http.Request.BodyReader, rate, _bytesPerSecond, time, RequestRecord.Of(http), drain.Expired);
        http.Features.Set<IRequestBodyPipeFeature>(body);
        http.Features.Set<IHttpMinRequestBodyDataRateFeature>(body);
        await next(http);
    }
}
