using System.IO.Pipelines;
using Gateway.Api.Configuration;
using Gateway.Api.Http;
using Gateway.Api.Lifetime;
using Gateway.Api.Logging;
using Gateway.Api.Upstream;
using Gateway.Protos;
using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Model;
using Grpc.Health.V1;
using Grpc.Reflection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Faces.Grpc;

/// <summary>The API's RPCs for clients of gRPC and gRPC-Web, with the services by which their tools find out about them.</summary>
internal static class GrpcFront
{
    /// <summary>Adds the front's services.</summary>
    public static void AddGrpcFront(this IServiceCollection services)
    {
        services.AddGrpc().AddServiceOptions<ForwardService>(front => front.IgnoreUnknownServices = false);
        services.AddOptions<GrpcServiceOptions>().Configure<IOptions<GatewayOptions>>((grpc, gateway) =>
        {
            grpc.MaxReceiveMessageSize = (int)Math.Min(gateway.Value.Limits.MaxBodyBytes, Array.MaxLength);

            grpc.CompressionProviders = [new PackedMessages()];

            // What the upstream may answer is said once, of what is taken from it.
            grpc.MaxSendMessageSize = null;

            // The server's own answer would take every path of two parts, whatever the verb: a wrong verb would be 404 in place of 405.
            // Clients of gRPC read 404 as "unimplemented". Unknown methods of the API, which this option means as well, keep the server's
            // answer.
            grpc.IgnoreUnknownServices = true;
        });
        services.AddSingleton<IServiceMethodProvider<ForwardService>, ForwardMethods>();
        services.AddSingleton<ForwardPipeline>();
        services.AddSingleton<ForwardService>();

        // Reflection finds services by their classes, and the front's has none.
        ServiceDescriptor[] known = [ApiDescriptors.Service, Health.Descriptor];
        services.AddSingleton(new ReflectionServiceImpl(known));
        services.AddSingleton(new ReflectionV1ServiceImpl(known));
        services.AddGrpcReflection();

        services.AddGrpcHealthChecks(health => health.Services.Map(ApiDescriptors.Service.FullName, _ => true))
            .AddCheck<UpstreamHealth>("upstream");
        services.Configure<HealthCheckPublisherOptions>(publisher => publisher.Delay = publisher.Period);
    }

    /// <summary>Lets gRPC-Web in, and notes how calls end: to who looks from outside, a status that went into the body is gone.</summary>
    public static void UseGrpcFront(this WebApplication app)
    {
        app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        app.Use((http, next) => GrpcRequest.Is(http) ? NoteStatusAsync(http, next) : next(http));
    }

    /// <summary>Maps every RPC of the API, health and reflection.</summary>
    public static void MapGrpcFront(this WebApplication app)
    {
        app.MapGrpcService<ForwardService>().WithMetadata(new HttpMethodMetadata([HttpMethods.Post])).ExcludeFromDescription();
        app.MapGrpcHealthChecksService().WithMetadata(HostNames.Exempt).ExcludeFromDescription();
        var drain = app.Services.GetRequiredService<Drain>();
        app.MapGrpcReflectionService().ExcludeFromDescription().Add(
            endpoint => endpoint.RequestDelegate = UntilClosing(endpoint.RequestDelegate!, drain));
    }

    // Its streams wait for clients that may have nothing more to ask, and would hold up the end.
    private static RequestDelegate UntilClosing(RequestDelegate serve, Drain drain) => async http =>
    {
        using var closing = drain.Closing.UnsafeRegister(body => ((PipeReader)body!).CancelPendingRead(), http.Request.BodyReader);
        await serve(http);
    };

    private static async Task NoteStatusAsync(HttpContext http, RequestDelegate next)
    {
        SingleRequest.HoldToRate(http);
        await next(http);
        if (GrpcRequest.IsCall(http))
        {
            RequestRecord.Of(http).GrpcStatus = GrpcRequest.StatusOf(http);
        }
    }
}
