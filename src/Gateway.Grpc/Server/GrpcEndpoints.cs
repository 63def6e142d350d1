using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Grpc.Server;

/// <summary>Maps gRPC methods to endpoints, for native gRPC where the listener speaks HTTP/2, and for gRPC-Web.</summary>
public static class GrpcEndpoints
{
    /// <summary>Serves one method, of whichever kind, at its path (<c>/package.Service/Method</c>).</summary>
    public static IEndpointConventionBuilder MapGrpc(
        this IEndpointRouteBuilder endpoints, string path, GrpcServerHandler handler, GrpcServerOptions? options = null)
    {
        var logger = endpoints.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(GrpcEndpoints).Namespace!);
        var server = new ServerCallHandler(handler, options ?? new GrpcServerOptions(), logger);
        return endpoints.MapPost(path, (RequestDelegate)server.HandleAsync).WithDisplayName("gRPC " + path);
    }

    /// <summary>Answers <see cref="GrpcStatusCode.Unimplemented"/> at every path that nothing else is mapped to.</summary>
    public static IEndpointConventionBuilder MapGrpcUnimplemented(this IEndpointRouteBuilder endpoints)
    {
        IEndpointConventionBuilder fallback = endpoints.MapGrpc("/{**path}", static call => Task.FromResult(ServerFailures.UnknownMethod));
        fallback.Add(endpoint => ((RouteEndpointBuilder)endpoint).Order = int.MaxValue);
        return fallback;
    }
}
