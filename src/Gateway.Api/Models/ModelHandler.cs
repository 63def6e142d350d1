using Clarifai.Api;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Pipeline;
using Gateway.Core.Methods;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Models;

/// <summary>The requests of one route that need to know a model's methods.</summary>
/// <param name="route">The route.</param>
/// <param name="methods">What all such routes share.</param>
internal abstract class ModelHandler(ModelRoute route, MethodServices methods) : RequestHandler(route.Pattern, rpc: null, methods.Access, methods.Calls)
{
    /// <summary>What all such routes share.</summary>
    protected MethodServices Methods { get; } = methods;

    /// <inheritdoc/>
    protected sealed override async Task ServeAsync(IncomingCall incoming)
    {
        var model = route.ModelIn(incoming.Http, incoming.Tenant);
        var refusal = RefusalOf(incoming) ?? Access.Check(incoming.Tenant, HeadOf(incoming, model));
        if (refusal is not null)
        {
            await ErrorWriter.WriteAsync(incoming.Http, refusal);
            return;
        }

        var name = route.Read(incoming.Http, "method");
        var call = OutgoingCall.For(incoming.Http, RequestTimeout.Shorter(Services.UnaryTimeout, TimeLeftOf(incoming)), incoming.Http.RequestAborted);
        var answer = await Methods.Directory.FindAsync(ClientFor(incoming), incoming.Tenant, model, name.Length > 0 ? name : null, call);
        await (answer.Methods is { } found
            ? ServeAsync(incoming, model, found, name)
            : ErrorWriter.WriteAsync(incoming.Http, MethodErrors.Unavailable(answer)));
    }

    /// <summary>A request to run the model where the client wants it, without inputs.</summary>
    protected static PostModelOutputsRequest HeadOf(IncomingCall incoming, ModelAddress model)
    {
        var head = model.ToRequest();
        head.RunnerSelector = RunnerChoice.In(incoming.Http.Request);
        return head;
    }

    /// <summary>Why a request is refused from the start; null when it is not.</summary>
    protected virtual ApiError? RefusalOf(IncomingCall incoming) => null;

    /// <summary>Answers a request.</summary>
    /// <param name="incoming">The request.</param>
    /// <param name="model">The model that it names.</param>
    /// <param name="methods">The model's methods.</param>
    /// <param name="name">The method that it names; empty when it names none.</param>
    protected abstract Task ServeAsync(IncomingCall incoming, ModelAddress model, ModelMethods methods, string name);
}
