using Gateway.Api.Calls;
using Gateway.Core.Schema;
using Gateway.Grpc.Server;

namespace Gateway.Api.Grpc;

/// <summary>The API's RPCs for clients of gRPC and gRPC-Web: one endpoint each, all from descriptors.</summary>
public static class GrpcCallEndpoints
{
    /// <summary>Maps every RPC of the API.</summary>
    public static void MapClarifaiGrpc(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider.GetRequiredService<CallServices>();
        var options = new GrpcServerOptions
        {
            MaxReceiveMessageSize = (int)Math.Min(services.Limits.MaxBodyBytes, Array.MaxLength),

            // What the upstream may answer is said once, of what is taken from it.
            MaxSendMessageSize = int.MaxValue,
            PassThrough = true,
            TimeProvider = services.Time,
            WatchClient = endpoints.ServiceProvider.GetRequiredService<StallGuard>().WatchAsync,
        };
        foreach (var rpc in endpoints.ServiceProvider.GetRequiredService<ApiSchema>().Rpcs)
        {
            endpoints.MapGrpc(rpc.GrpcPath, HandlerOf(rpc, services).HandleAsync, options).ExcludeFromDescription();
        }
    }

    private static ForwardHandler HandlerOf(RpcPlan rpc, CallServices services) => rpc.Kind switch
    {
        RpcKind.Unary => new UnaryForwardHandler(rpc, services),
        RpcKind.ServerStreaming => new ServerStreamForwardHandler(rpc, services),
        _ => new DuplexForwardHandler(rpc, services),
    };
}
