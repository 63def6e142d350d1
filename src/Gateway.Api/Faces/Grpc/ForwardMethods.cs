using System.Buffers;
using Gateway.Api.Lifetime;
using Gateway.Api.Pipeline;
using Gateway.Api.Tenancy;
using Gateway.Core.Schema;
using Gateway.Core.Upstream.Calls;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;

namespace Gateway.Api.Faces.Grpc;

/// <summary>
/// The front's methods, one per RPC, all from descriptors, with messages that stay bytes. To the server each is one that streams both ways,
/// whatever it is to its callers: so a key is checked before a message is read.
/// </summary>
internal sealed class ForwardMethods(
    ApiSchema schema,
    ForwardPipeline pipeline,
    AccessControl access,
    InputLimits limits,
    OutgoingCalls calls,
    Drain drain,
    TimeProvider time) : IServiceMethodProvider<ForwardService>
{
    private static readonly Marshaller<Payload> Messages = Marshallers.Create(Write, PackedMessages.Read);

    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<ForwardService> context)
    {
        foreach (var rpc in schema.Rpcs)
        {
            var admission = new ForwardAdmission(rpc, access, limits);
            var handler = HandlerOf(admission);
            var method = new Method<Payload, Payload>(
                MethodType.DuplexStreaming, rpc.Descriptor.Service.FullName, rpc.Name, Messages, Messages);
            object[] metadata = rpc.Kind is RpcKind.Unary or RpcKind.ServerStreaming ? [SingleRequest.Instance] : [];
            context.AddDuplexStreamingMethod(
                method, metadata, (_, requests, responses, call) => pipeline.RunAsync(admission, handler, requests, responses, call));
        }
    }

    private IForwardHandler HandlerOf(ForwardAdmission admission) => admission.Rpc.Kind switch
    {
        RpcKind.Unary => new UnaryForwardHandler(admission, calls),
        RpcKind.ServerStreaming => new ServerStreamForwardHandler(admission, calls),
        _ => new DuplexForwardHandler(admission, calls, drain, time),
    };

    private static void Write(Payload message, SerializationContext context)
    {
        context.SetPayloadLength(message.Length);
        context.GetBufferWriter().Write(message.Span);
        context.Complete();
    }
}
