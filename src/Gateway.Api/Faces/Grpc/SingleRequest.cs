using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Gateway.Api.Faces.Grpc;

/// <summary>
/// Marks the methods whose callers send one message. To the server all are two-way, and of those it lets bodies come as slowly as they
/// like; it does so by a feature of the request, which is therefore taken away.
/// </summary>
internal sealed class SingleRequest
{
    private SingleRequest()
    {
    }

    /// <summary>The mark.</summary>
    public static SingleRequest Instance { get; } = new();

    /// <summary>Holds a request's body to the rate that others have, when it is for such a method.</summary>
    public static void HoldToRate(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<SingleRequest>() is not null)
        {
            http.Features.Set<IHttpMinRequestBodyDataRateFeature>(null);
        }
    }
}
