using Clarifai.Api;
using Gateway.Api.Logging;
using Gateway.Api.Models;
using Gateway.Api.Pipeline;
using Gateway.Api.Streams;
using Gateway.Api.Tenancy;
using Gateway.Core.Methods;
using Gateway.Core.Schema;
using Gateway.Core.Upstream;
using Gateway.Core.Wire;
using Google.Protobuf;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Faces.Mcp;

/// <summary>Calls the methods of the model that a POST is for, on the tenant's behalf.</summary>
/// <param name="incoming">The POST.</param>
/// <param name="client">The upstream on the tenant's behalf.</param>
/// <param name="timeLeft">What is left of the time that the client gave; null when it gave none.</param>
/// <param name="model">The model.</param>
/// <param name="methods">What all routes of methods share.</param>
internal sealed class ModelCall(IncomingCall incoming, ClarifaiClient client, TimeSpan? timeLeft, ModelAddress model, MethodServices methods)
{
    /// <summary>The POST.</summary>
    public HttpContext Http => incoming.Http;

    /// <summary>The model.</summary>
    public ModelAddress Model => model;

    /// <summary>What all routes of methods share.</summary>
    public MethodServices Methods => methods;

    /// <summary>The wire bytes of a request, without inputs; the caller's.</summary>
    public WireWriter NewRequest()
    {
        var request = model.ToRequest();
        request.RunnerSelector = RunnerChoice.In(Http.Request);
        var wire = new WireWriter(methods.Calls.Segments);
        request.WriteTo(wire);
        return wire;
    }

    /// <summary>Keeps an eye on a call of a method.</summary>
    /// <returns>The call as tenants know it, to be disposed.</returns>
    public LiveCall Watch(ModelMethod method) => methods.Calls.Watch(methods.Calls.AccessTo(RpcOf(method)), incoming.Tenant);

    /// <summary>Makes a call of a method, with one set of arguments; a method that takes a stream gets it as the only item.</summary>
    /// <param name="method">The method, of a kind that the API calls.</param>
    /// <param name="wire">Holds the request, arguments included, as long as the messages are read.</param>
    /// <param name="end">Ends the call.</param>
    /// <returns>The results, to be disposed before <paramref name="wire"/>.</returns>
    public MessageSource Open(ModelMethod method, WireWriter wire, CancellationToken end)
    {
        var rpc = RpcOf(method);
        RequestRecord.Of(Http).Rpc = rpc.Name;
        var call = OutgoingCall.For(Http, timeLeft, end);
        return rpc.Kind switch
        {
            RpcKind.Unary => new SingleMessage(client, rpc, wire.Written, call with { Timeout = RequestTimeout.Shorter(methods.Calls.UnaryTimeout, timeLeft) }, methods.Calls.Time),
            RpcKind.ServerStreaming => new UpstreamMessages(rpc, client.Stream(rpc, wire.Written, methods.Calls.AsStream(call))),
            _ => new SingleItemMessages(client.Duplex(rpc, methods.Calls.AsStream(call)), rpc, wire.Written, methods.Calls.Time),
        };
    }

    /// <summary>What calls a method.</summary>
    public RpcPlan RpcOf(ModelMethod method) => method.Kind switch
    {
        RunnerMethodType.UnaryUnary => methods.Predict,
        RunnerMethodType.UnaryStreaming => methods.Generate,
        _ => methods.Stream,
    };
}
