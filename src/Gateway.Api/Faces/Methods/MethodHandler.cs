using Gateway.Api.Http;
using Gateway.Api.Models;
using Gateway.Api.Pipeline;
using Gateway.Core.Methods;

namespace Gateway.Api.Faces.Methods;

/// <summary>The requests of one route that is about one method.</summary>
/// <param name="route">The route.</param>
/// <param name="methods">What all such routes share.</param>
internal abstract class MethodHandler(ModelRoute route, MethodServices methods) : ModelHandler(route, methods)
{
    /// <inheritdoc/>
    protected sealed override Task ServeAsync(IncomingCall incoming, ModelAddress model, ModelMethods methods, string name) =>
        methods.Find(name) is { } method
            ? ServeAsync(incoming, model, method)
            : ErrorWriter.WriteAsync(incoming.Http, MethodErrors.Unknown(model, name, methods));

    /// <summary>Answers a request.</summary>
    /// <param name="incoming">The request.</param>
    /// <param name="model">The model that it names.</param>
    /// <param name="method">The method that it names.</param>
    protected abstract Task ServeAsync(IncomingCall incoming, ModelAddress model, ModelMethod method);
}
