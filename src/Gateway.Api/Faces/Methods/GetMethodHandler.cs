using Gateway.Api.Models;
using Gateway.Api.Pipeline;
using Gateway.Core.Methods;

namespace Gateway.Api.Faces.Methods;

/// <summary>Describes one method.</summary>
/// <param name="route">The route.</param>
/// <param name="methods">What all routes of methods share.</param>
internal sealed class GetMethodHandler(ModelRoute route, MethodServices methods) : MethodHandler(route, methods)
{
    /// <inheritdoc/>
    protected override Task ServeAsync(IncomingCall incoming, ModelAddress model, ModelMethod method) =>
        JsonAnswer.WriteAsync(incoming.Http, MethodDescription.Of(method));
}
