using Clarifai.Api;
using Gateway.Api.Http;
using Gateway.Api.Models;
using Gateway.Api.Pipeline;
using Gateway.Api.Tenancy;
using Gateway.Core.Methods;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Faces.Methods;

/// <summary>Calls methods that take a stream and answer with one.</summary>
internal sealed class MethodExchange(MethodRpcs rpcs, AccessControl access, ArgumentFactory arguments, ResultViews views)
{
    private readonly RpcAccess _access = access.To(rpcs.Stream);

    /// <summary>Calls a method, by messages that come and go in one of the two ways.</summary>
    public async Task RunAsync(IncomingCall incoming, PostModelOutputsRequest head, ModelMethod method, DuplexTransport transport)
    {
        if (_access.Admit(incoming.Tenant) is { } refusal)
        {
            await ErrorWriter.WriteAsync(incoming.Http, refusal);
            return;
        }

        using var live = access.Watch(_access, incoming.Tenant);
        using var messages = new ArgumentMessages(head, method, live, arguments);
        await transport.CarryAsync(new DuplexCall(incoming, views.Of(incoming.Http, rpcs.Stream, method), live), messages);
    }
}
