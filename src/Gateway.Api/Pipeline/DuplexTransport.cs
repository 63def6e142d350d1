using Gateway.Api.Errors;
using Gateway.Api.Streams;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Primitives;

namespace Gateway.Api.Pipeline;

/// <summary>How the messages of a two-way call come and go. Instances have no state of a call.</summary>
internal abstract class DuplexTransport(DuplexExchange exchange)
{
    /// <summary>Where the client's key is.</summary>
    public virtual StringValues AuthorizationOf(HttpContext http) => http.Request.Headers.Authorization;

    /// <summary>Why a request is refused before any message is read; null when it is not.</summary>
    public virtual ApiError? RefusalOf(HttpContext http) => null;

    /// <summary>Carries the messages of a call, until there are no more.</summary>
    /// <param name="reader">Reads the client's messages; stays the caller's.</param>
    public Task CarryAsync(DuplexCall call, IMessageReader reader)
    {
        LiftLimits(call.Incoming.Http.Features);
        return RunAsync(call, reader);
    }

    /// <summary>Carries the messages both ways.</summary>
    protected DuplexExchange Exchange { get; } = exchange;

    /// <summary>Opens the way, and runs the call over it.</summary>
    protected abstract Task RunAsync(DuplexCall call, IMessageReader reader);

    // Sizes are bounded message by message, and silence by the stream's own limits.
    private static void LiftLimits(IFeatureCollection features)
    {
        features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        features.GetRequiredFeature<IHttpMinRequestBodyDataRateFeature>().MinDataRate = null;
    }
}
