using Clarifai.Api;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Testing.Grpc;

/// <summary>
/// A gRPC server, by <c>Grpc.AspNetCore</c>, of methods that all are served by one handler as bytes. A unary method is one that streams
/// one message each way; on the wire there is no difference.
/// </summary>
public static class AnyMethod
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);

    /// <summary>Adds what <see cref="MapAnyMethod"/> needs.</summary>
    /// <param name="services">The server's services.</param>
    /// <param name="handler">Serves every call.</param>
    /// <param name="methods">The paths of the methods, <c>/package.Service/Method</c>; none for those of the V2 API.</param>
    public static void AddAnyMethod(this IServiceCollection services, GrpcServerHandler handler, params string[] methods)
    {
        services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = null;
            options.MaxSendMessageSize = null;
        });
        services.AddSingleton<IServiceMethodProvider<Service>>(new Methods(handler, methods.Length > 0 ? methods : V2Methods()));
        services.AddSingleton<Service>();
    }

    /// <summary>Maps the methods.</summary>
    public static void MapAnyMethod(this IEndpointRouteBuilder endpoints) => endpoints.MapGrpcService<Service>();

    private static string[] V2Methods() => [.. V2.Descriptor.Methods.Select(method => $"/{V2.Descriptor.FullName}/{method.Name}")];

    private sealed class Service;

    private sealed class Methods(GrpcServerHandler handler, string[] paths) : IServiceMethodProvider<Service>
    {
        public void OnServiceMethodDiscovery(ServiceMethodProviderContext<Service> context)
        {
            foreach (var path in paths)
            {
                var slash = path.LastIndexOf('/');
                var method = new Method<byte[], byte[]>(MethodType.DuplexStreaming, path[1..slash], path[(slash + 1)..], Bytes, Bytes);
                context.AddDuplexStreamingMethod(method, [], ServeAsync);
            }
        }

        private async Task ServeAsync(Service service, IAsyncStreamReader<byte[]> requests, IServerStreamWriter<byte[]> responses, ServerCallContext context)
        {
            var status = await handler(new GrpcServerCall(requests, responses, context));
            if (status.StatusCode != StatusCode.OK)
            {
                throw new RpcException(status);
            }
        }
    }
}
