using Microsoft.AspNetCore.Http.Metadata;

namespace Gateway.Api.Faces.Rest;

/// <summary>A route as the server's metrics and traces call it: with the API's own names, where routing has its own.</summary>
/// <param name="route">The path template.</param>
internal sealed class RouteTemplate(string route) : IRouteDiagnosticsMetadata
{
    public string Route => route;
}
