using Gateway.Api.Errors;
using Gateway.Api.Pipeline;
using Gateway.Core.Methods;

namespace Gateway.Api.Models;

/// <summary>Finds the models that requests name, with their methods, for those who may run them. Thread-safe.</summary>
internal sealed class ModelLookup(MethodRpcs rpcs, MethodDirectory directory, OutgoingCalls calls)
{
    /// <summary>Finds the model that a request's path names.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>The model; or why there is none for the tenant.</returns>
    public async ValueTask<(NamedModel? Model, ApiError? Error)> FindAsync(IncomingCall incoming, ModelPath path)
    {
        var address = path.ModelIn(incoming.Http, incoming.Tenant);
        var head = address.ToRequest(incoming.Http.Request);
        if (rpcs.Access.Check(incoming.Tenant, address.ToNames(head.RunnerSelector)) is { } refusal)
        {
            return (null, refusal);
        }

        var wanted = path.MethodIn(incoming.Http);
        var answer = await directory.FindAsync(
            calls.ClientFor(incoming), incoming.Tenant, address, wanted.Length > 0 ? wanted : null, calls.Unary(incoming));
        return answer.Methods is { } methods ? (new NamedModel(address, methods, head), null) : (null, MethodErrors.Unavailable(answer));
    }

    /// <summary>Finds the method that a request's path names.</summary>
    /// <param name="path">Its path, which names one.</param>
    /// <returns>The method and its model; or why there is none for the tenant.</returns>
    public async ValueTask<(NamedModel? Model, ModelMethod? Method, ApiError? Error)> FindMethodAsync(IncomingCall incoming, ModelPath path)
    {
        var (model, error) = await FindAsync(incoming, path);
        if (model is null)
        {
            return (null, null, error);
        }

        var name = path.MethodIn(incoming.Http);
        return model.Methods.Find(name) is { } method
            ? (model, method, null)
            : (null, null, MethodErrors.Unknown(model.Address, name, model.Methods));
    }
}
