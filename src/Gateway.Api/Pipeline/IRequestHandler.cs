using Microsoft.Extensions.Primitives;

namespace Gateway.Api.Pipeline;

/// <summary>What one route does with its requests. One instance serves them all.</summary>
internal interface IRequestHandler
{
    /// <summary>The route.</summary>
    RequestRoute Route { get; }

    /// <summary>Where the client's key is.</summary>
    StringValues AuthorizationOf(HttpContext http) => http.Request.Headers.Authorization;

    /// <summary>Reads what is asked, makes the call and answers the client.</summary>
    Task ServeAsync(IncomingCall incoming);
}
