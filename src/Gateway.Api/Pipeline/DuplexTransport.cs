using Gateway.Api.Errors;
using Gateway.Api.Streams;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Primitives;

namespace Gateway.Api.Pipeline;

/// <summary>How the messages of a two-way call come and go. Instances have no state.</summary>
internal abstract class DuplexTransport
{
    /// <summary>Where the client's key is.</summary>
    public virtual StringValues AuthorizationOf(HttpContext http) => http.Request.Headers.Authorization;

    /// <summary>Why a request is refused before any message is read; null when it is not.</summary>
    public virtual ApiError? RefusalOf(HttpContext http) => null;

    /// <summary>Carries the messages of a call, until there are no more.</summary>
    /// <param name="incoming">The request.</param>
    /// <param name="reader">Reads the client's messages; stays the caller's.</param>
    /// <param name="exchange">The call.</param>
    public Task CarryAsync(IncomingCall incoming, IMessageReader reader, DuplexExchange exchange)
    {
        LiftLimits(incoming.Http.Features);
        return RunAsync(incoming, reader, exchange);
    }

    /// <summary>Opens the way, and runs the call over it.</summary>
    protected abstract Task RunAsync(IncomingCall incoming, IMessageReader reader, DuplexExchange exchange);

    // Sizes are bounded message by message, and silence by the stream's own limits.
    private static void LiftLimits(IFeatureCollection features)
    {
        features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        features.GetRequiredFeature<IHttpMinRequestBodyDataRateFeature>().MinDataRate = null;
    }
}
