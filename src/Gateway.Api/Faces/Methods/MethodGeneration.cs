using Clarifai.Api;
using Gateway.Api.Http;
using Gateway.Api.Models;
using Gateway.Api.Pipeline;
using Gateway.Api.Streams;
using Gateway.Api.Tenancy;
using Gateway.Core.Methods;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Faces.Methods;

/// <summary>Calls methods that answer with a stream, which the client may come back for.</summary>
internal sealed class MethodGeneration(
    MethodRpcs rpcs,
    AccessControl access,
    OutgoingCalls calls,
    ResumableCalls resumables,
    ArgumentFactory arguments,
    ResultViews views,
    StreamOutputs outputs)
{
    private readonly RpcAccess _access = access.To(rpcs.Generate);

    /// <summary>Calls a method with one set of arguments.</summary>
    public async Task RunAsync(IncomingCall incoming, PostModelOutputsRequest head, ModelMethod method)
    {
        var http = incoming.Http;
        using var wire = arguments.NewRequest(head);
        var body = new ArgumentBody(method, wire, arguments);
        using var live = access.Watch(_access, incoming.Tenant);
        if ((_access.Admit(incoming.Tenant) ?? await body.ReadAsync(http) ?? live.Check(wire.Written)) is { } refusal)
        {
            await ErrorWriter.WriteAsync(http, refusal);
            return;
        }

        var rpc = rpcs.Generate;
        var (opened, error) = await resumables.OpenAsync(
            incoming,
            _access,
            wire.Written,
            (message, end) => new CountedMessages(
                new UpstreamMessages(rpc, calls.ClientFor(incoming).Stream(rpc, message, calls.Stream(incoming, end)))));
        await using var messages = opened;
        if (messages is null)
        {
            await ErrorWriter.WriteAsync(http, error!);
            return;
        }

        var view = views.Of(http, rpc, method, messages.Tokens);
        await using var output = outputs.Begin(http, StreamFormat.For(http.Request), messages.Position);
        await StreamAnswer.WriteAsync(http, view, output, messages, live);
    }
}
