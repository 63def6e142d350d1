using Gateway.Api.Http;
using Gateway.Api.Models;
using Gateway.Api.Pipeline;

namespace Gateway.Api.Faces.Methods;

/// <summary>Lists a model's methods.</summary>
internal sealed class ListMethodsHandler(ModelPath path, ModelLookup models, MethodRpcs rpcs) : IRequestHandler
{
    public RequestRoute Route { get; } = new(path.Pattern, null, rpcs.Access);

    public async Task ServeAsync(IncomingCall incoming)
    {
        var (model, error) = await models.FindAsync(incoming, path);
        await (model is null
            ? ErrorWriter.WriteAsync(incoming.Http, error!)
            : JsonAnswer.WriteAsync(incoming.Http, MethodDescription.Of(model.Address, model.Methods)));
    }
}
