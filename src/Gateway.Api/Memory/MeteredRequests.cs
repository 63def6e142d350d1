using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Memory;

/// <summary>
/// Gives every request its share of the budget, and takes its body from that. Stands behind what unpacks bodies: what comes out counts.
/// </summary>
/// <param name="next">What takes the request.</param>
/// <param name="budget">The budget.</param>
internal sealed class MeteredRequests(RequestDelegate next, ByteBudget budget)
{
    /// <summary>Runs the request.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        using var share = new ByteShare(budget);
        http.Features.Set(share);
        http.Features.Set<IRequestBodyPipeFeature>(new MeteredBody(http.Request.BodyReader, share));
        await next(http);
    }
}
