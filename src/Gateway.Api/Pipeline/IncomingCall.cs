using Gateway.Api.Logging;
using Gateway.Api.Memory;
using Gateway.Api.Tenancy;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Pipeline;

/// <summary>A request whose caller is known, and of whose messages nothing is read yet.</summary>
/// <param name="http">The request.</param>
/// <param name="record">What the log says of it.</param>
/// <param name="tenant">Who calls.</param>
/// <param name="timeout">The time that the client gave from the request's beginning; null when it gave none.</param>
internal sealed class IncomingCall(HttpContext http, RequestRecord record, Tenant tenant, TimeSpan? timeout)
{
    /// <summary>The request.</summary>
    public HttpContext Http => http;

    /// <summary>What the log says of it.</summary>
    public RequestRecord Record => record;

    /// <summary>Who calls.</summary>
    public Tenant Tenant => tenant;

    /// <summary>When the request began: a timestamp of the services' clock.</summary>
    public long Started => record.Started;

    /// <summary>The time that the client gave from then on; null when it gave none.</summary>
    public TimeSpan? Timeout => timeout;

    /// <summary>What the request holds of the memory for all.</summary>
    public ByteShare Memory { get; } = http.Features.GetRequiredFeature<ByteShare>();
}
