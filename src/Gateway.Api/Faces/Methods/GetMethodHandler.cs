using Gateway.Api.Http;
using Gateway.Api.Models;
using Gateway.Api.Pipeline;

namespace Gateway.Api.Faces.Methods;

/// <summary>Describes one method.</summary>
internal sealed class GetMethodHandler(ModelPath path, ModelLookup models, MethodRpcs rpcs) : IRequestHandler
{
    public RequestRoute Route { get; } = new(path.Pattern, null, rpcs.Access);

    public async Task ServeAsync(IncomingCall incoming)
    {
        var (_, method, error) = await models.FindMethodAsync(incoming, path);
        await (method is null
            ? ErrorWriter.WriteAsync(incoming.Http, error!)
            : JsonAnswer.WriteAsync(incoming.Http, MethodDescription.Of(method)));
    }
}
