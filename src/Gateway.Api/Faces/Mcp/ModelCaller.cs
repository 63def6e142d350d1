using Clarifai.Api;
using Gateway.Api.Logging;
using Gateway.Api.Models;
using Gateway.Api.Pipeline;
using Gateway.Api.Streams;
using Gateway.Api.Tenancy;
using Gateway.Core.Methods;
using Gateway.Core.Schema;
using Gateway.Core.Wire;

namespace Gateway.Api.Faces.Mcp;

/// <summary>Calls the methods of models on behalf of POSTs. Thread-safe.</summary>
internal sealed class ModelCaller(MethodRpcs rpcs, AccessControl access, OutgoingCalls calls, ArgumentFactory arguments, TimeProvider time)
{
    /// <summary>Writes arguments of methods.</summary>
    public ArgumentFactory Arguments => arguments;

    /// <summary>The wire bytes of a request, without inputs; the caller's.</summary>
    public WireWriter NewRequest(McpCall call) => arguments.NewRequest(call.Model.Head);

    /// <summary>Keeps an eye on a call of a method.</summary>
    /// <returns>The call as tenants know it, to be disposed.</returns>
    public LiveCall Watch(McpCall call, ModelMethod method) => access.Watch(access.To(RpcOf(method)), call.Incoming.Tenant);

    /// <summary>Makes a call of a method, with one set of arguments; a method that takes a stream gets it as the only item.</summary>
    /// <param name="call">The POST.</param>
    /// <param name="method">The method, of a kind that the API calls.</param>
    /// <param name="wire">Holds the request, arguments included, as long as the messages are read.</param>
    /// <param name="end">Ends the call.</param>
    /// <returns>The results, to be disposed before <paramref name="wire"/>.</returns>
    public MessageSource Open(McpCall call, ModelMethod method, WireWriter wire, CancellationToken end)
    {
        var rpc = RpcOf(method);
        RequestRecord.Of(call.Http).Rpc = rpc.Name;
        var client = calls.ClientFor(call.Incoming);
        var outgoing = calls.For(call.Incoming, end);
        return rpc.Kind switch
        {
            RpcKind.Unary => new SingleMessage(client, rpc, wire.Written, calls.AsUnary(outgoing), time),
            RpcKind.ServerStreaming => new UpstreamMessages(rpc, client.Stream(rpc, wire.Written, calls.AsStream(outgoing))),
            _ => new SingleItemMessages(client.Duplex(rpc, calls.AsStream(outgoing)), rpc, wire.Written, time),
        };
    }

    /// <summary>What calls a method.</summary>
    public RpcPlan RpcOf(ModelMethod method) => method.Kind switch
    {
        RunnerMethodType.UnaryUnary => rpcs.Predict,
        RunnerMethodType.UnaryStreaming => rpcs.Generate,
        _ => rpcs.Stream,
    };
}
