using Gateway.Grpc.Server.Framing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Grpc.Server;

/// <summary>Maps gRPC methods to endpoints, for native gRPC where the listener speaks HTTP/2, and for gRPC-Web.</summary>
public static class GrpcEndpoints
{
    /// <summary>
    /// Serves one method, of whichever kind, at its path (<c>/package.Service/Method</c>). Requests that are not gRPC get HTTP status 415,
    /// and native gRPC over HTTP/1.1 gets 426, both without a body.
    /// </summary>
    public static IEndpointConventionBuilder MapGrpc(
        this IEndpointRouteBuilder endpoints, string path, GrpcServerHandler handler, GrpcServerOptions? options = null)
    {
        var server = new ServerCallHandler(handler, options ?? new GrpcServerOptions(), LoggerOf(endpoints.ServiceProvider));
        return endpoints.MapPost(path, (RequestDelegate)server.HandleAsync).WithDisplayName("gRPC " + path);
    }

    /// <summary>Answers <see cref="GrpcStatusCode.Unimplemented"/> to calls at paths that nothing is mapped to; requests that are not gRPC go on.</summary>
    public static IApplicationBuilder UseGrpcUnimplemented(this IApplicationBuilder app)
    {
        var server = new ServerCallHandler(
            static call => Task.FromResult(ServerFailures.UnknownMethod), new GrpcServerOptions(), LoggerOf(app.ApplicationServices));
        return app.Use((context, next) => context.GetEndpoint() is null && CallFraming.Of(context.Request) is not null
            ? server.HandleAsync(context)
            : next(context));
    }

    private static ILogger LoggerOf(IServiceProvider services) =>
        services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(GrpcEndpoints).Namespace!);
}
