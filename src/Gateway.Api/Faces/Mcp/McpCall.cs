using Gateway.Api.Models;
using Gateway.Api.Pipeline;

namespace Gateway.Api.Faces.Mcp;

/// <summary>A POST, and the model that it is for.</summary>
internal sealed record McpCall(IncomingCall Incoming, NamedModel Model)
{
    /// <summary>The HTTP request.</summary>
    public HttpContext Http => Incoming.Http;
}
