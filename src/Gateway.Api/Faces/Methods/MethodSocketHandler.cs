using Clarifai.Api;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Models;
using Gateway.Api.Pipeline;
using Gateway.Core.Methods;
using Microsoft.Extensions.Primitives;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Faces.Methods;

/// <summary>Calls a two-way method over a WebSocket.</summary>
internal sealed class MethodSocketHandler(
    ModelPath path, ModelLookup models, MethodRpcs rpcs, MethodExchange exchange, SocketTransport transport) : IRequestHandler
{
    public RequestRoute Route { get; } = new(path.Pattern, null, rpcs.Access);

    public StringValues AuthorizationOf(HttpContext http) => transport.AuthorizationOf(http);

    public async Task ServeAsync(IncomingCall incoming)
    {
        if (transport.RefusalOf(incoming.Http) is { } refusal)
        {
            await ErrorWriter.WriteAsync(incoming.Http, refusal);
            return;
        }

        var (model, method, error) = await models.FindMethodAsync(incoming, path);
        error ??= RefusalOf(method!);
        await (error is null ? exchange.RunAsync(incoming, model!.Head, method!, transport) : ErrorWriter.WriteAsync(incoming.Http, error));
    }

    private static ApiError? RefusalOf(ModelMethod method) => method.Kind switch
    {
        RunnerMethodType.StreamingStreaming => null,
        RunnerMethodType.UnaryUnary or RunnerMethodType.UnaryStreaming => MethodErrors.NoSocket(method.Name),
        _ => MethodErrors.KindUnknown(method),
    };
}
