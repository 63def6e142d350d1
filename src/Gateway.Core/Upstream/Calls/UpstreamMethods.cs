using Gateway.Core.Schema;
using Grpc.Core;

namespace Gateway.Core.Upstream.Calls;

/// <summary>
/// The service's methods as the gRPC client wants them: bytes in, bytes out. Compiled once at startup; shared by all threads.
/// </summary>
internal sealed class UpstreamMethods
{
    private static readonly Marshaller<RequestMessage> Copied = Sent((message, context) => message.CopyTo(context));
    private static readonly Marshaller<RequestMessage> Lent = Sent((message, context) => message.LendTo(context));

    private readonly Method<RequestMessage, Payload>[] _methods;

    /// <summary>Compiles the methods of a service.</summary>
    public UpstreamMethods(ApiSchema schema)
    {
        _methods = new Method<RequestMessage, Payload>[schema.Rpcs.Count];
        foreach (var rpc in schema.Rpcs)
        {
            _methods[rpc.Descriptor.Index] = Compile(rpc);
        }
    }

    /// <summary>The method of an RPC.</summary>
    public Method<RequestMessage, Payload> this[RpcPlan rpc] => _methods[rpc.Descriptor.Index];

    private static Method<RequestMessage, Payload> Compile(RpcPlan rpc)
    {
        var responses = Marshallers.Create<Payload>(
            (_, _) => throw new NotSupportedException("Responses are only received."), context => Payload.Read(rpc, context));
        var requests = rpc.Kind is RpcKind.Unary or RpcKind.ServerStreaming ? Lent : Copied;
        return new Method<RequestMessage, Payload>(KindOf(rpc), rpc.Descriptor.Service.FullName, rpc.Name, requests, responses);
    }

    private static Marshaller<RequestMessage> Sent(Action<RequestMessage, SerializationContext> send) =>
        Marshallers.Create(send, _ => throw new NotSupportedException("Requests are only sent."));

    private static MethodType KindOf(RpcPlan rpc) => rpc.Kind switch
    {
        RpcKind.Unary => MethodType.Unary,
        RpcKind.ServerStreaming => MethodType.ServerStreaming,
        RpcKind.ClientStreaming => MethodType.ClientStreaming,
        _ => MethodType.DuplexStreaming,
    };
}
