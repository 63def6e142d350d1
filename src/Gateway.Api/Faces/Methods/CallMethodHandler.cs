using Clarifai.Api;
using Gateway.Api.Http;
using Gateway.Api.Models;
using Gateway.Api.Pipeline;
using Gateway.Core.Methods;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Faces.Methods;

/// <summary>Calls a method in the way of its kind.</summary>
internal sealed class CallMethodHandler(
    ModelPath path,
    ModelLookup models,
    MethodRpcs rpcs,
    MethodPrediction prediction,
    MethodGeneration generation,
    MethodExchange exchange,
    BodyTransport transport)
    : IRequestHandler
{
    public RequestRoute Route { get; } = new(path.Pattern, null, rpcs.Access);

    public async Task ServeAsync(IncomingCall incoming)
    {
        var (model, method, error) = await models.FindMethodAsync(incoming, path);
        await (error is null ? CallAsync(incoming, model!.Head, method!) : ErrorWriter.WriteAsync(incoming.Http, error));
    }

    private Task CallAsync(IncomingCall incoming, PostModelOutputsRequest head, ModelMethod method) => method.Kind switch
    {
        RunnerMethodType.UnaryUnary => prediction.RunAsync(incoming, head, method),
        RunnerMethodType.UnaryStreaming => generation.RunAsync(incoming, head, method),
        RunnerMethodType.StreamingStreaming => exchange.RunAsync(incoming, head, method, transport),
        _ => ErrorWriter.WriteAsync(incoming.Http, MethodErrors.KindUnknown(method)),
    };
}
