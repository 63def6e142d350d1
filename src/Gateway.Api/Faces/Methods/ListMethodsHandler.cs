using Gateway.Api.Models;
using Gateway.Api.Pipeline;
using Gateway.Core.Methods;

namespace Gateway.Api.Faces.Methods;

/// <summary>Lists a model's methods.</summary>
/// <param name="route">The route.</param>
/// <param name="methods">What all routes of methods share.</param>
internal sealed class ListMethodsHandler(ModelRoute route, MethodServices methods) : ModelHandler(route, methods)
{
    /// <inheritdoc/>
    protected override Task ServeAsync(IncomingCall incoming, ModelAddress model, ModelMethods methods, string name) =>
        JsonAnswer.WriteAsync(incoming.Http, MethodDescription.Of(model, methods));
}
