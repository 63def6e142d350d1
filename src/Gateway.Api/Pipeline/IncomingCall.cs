using Gateway.Api.Tenancy;

namespace Gateway.Api.Pipeline;

/// <summary>A request whose caller is known, and of whose messages nothing is read yet.</summary>
/// <param name="Http">The request.</param>
/// <param name="Tenant">Who calls.</param>
/// <param name="Started">When the request began: a timestamp of the services' clock.</param>
/// <param name="Timeout">The time that the client gave from then on; null when it gave none.</param>
internal readonly record struct IncomingCall(HttpContext Http, Tenant Tenant, long Started, TimeSpan? Timeout);
