using Gateway.Api.Configuration;
using Gateway.Api.Memory;
using Gateway.Api.Pipeline;
using Gateway.Api.Streams;
using Gateway.Core.Binding;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Wire;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Faces.Rest;

/// <summary>The API's own routes: one endpoint per verb and path, the route in its metadata, all from descriptors.</summary>
internal static class ClarifaiEndpoints
{
    /// <summary>Adds what reads requests by their binding.</summary>
    public static void AddClarifaiApi(this IServiceCollection services) => services.AddPool(
        provider => new RequestReader(
            provider.GetRequiredService<SegmentPool>(),
            provider.GetRequiredService<JsonLimits>(),
            provider.GetRequiredService<IOptions<GatewayOptions>>().Value.Limits),
        reader => reader.Reset());

    /// <summary>Maps every route of the API.</summary>
    public static void MapClarifaiApi(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        foreach (var route in services.GetRequiredService<HttpRoutes>().All)
        {
            endpoints
                .MapMethods(Pattern(route.Binding.Path), [route.Binding.Method], Handler(services, route))
                .WithMetadata(route, new RouteTemplate(route.Binding.Path.Text))
                .ExcludeFromDescription()
                .WithDisplayName($"{route.Binding.Method} {route.Binding.Path.Text}");
            if (route.Binding.Rpc.Kind == RpcKind.DuplexStreaming)
            {
                MapWebSocket(endpoints, route);
            }
        }
    }

    // The handshake is a GET in HTTP/1.1 (RFC 6455, 4.1) and an extended CONNECT in HTTP/2 (RFC 8441, 4).
    private static void MapWebSocket(IEndpointRouteBuilder endpoints, HttpRoute route)
    {
        var services = endpoints.ServiceProvider;
        var sockets = endpoints.CreateApplicationBuilder().UseWebSockets();
        sockets.Run(services.Handle<DuplexCallHandler>(PlanOf(services, route.Binding), services.GetRequiredService<SocketTransport>()));
        endpoints
            .MapMethods(Pattern(route.Binding.Path), [HttpMethods.Get, HttpMethods.Connect], sockets.Build())
            .WithMetadata(route, new RouteTemplate(route.Binding.Path.Text))
            .ExcludeFromDescription()
            .WithDisplayName($"WebSocket {route.Binding.Path.Text}");
    }

    private static RequestDelegate Handler(IServiceProvider services, HttpRoute route)
    {
        var main = Handler(services, route.Binding);
        if (route.EventStream is null)
        {
            return main;
        }

        var stream = Handler(services, route.EventStream);
        return http => AsksForStream(http.Request) ? stream(http) : main(http);
    }

    private static RequestDelegate Handler(IServiceProvider services, HttpBinding binding) => binding.Rpc.Kind switch
    {
        RpcKind.Unary => services.Handle<UnaryCallHandler>(PlanOf(services, binding)),
        RpcKind.ServerStreaming => services.Handle<ServerStreamCallHandler>(PlanOf(services, binding)),
        RpcKind.DuplexStreaming =>
            services.Handle<DuplexCallHandler>(PlanOf(services, binding), services.GetRequiredService<BodyTransport>()),
        _ =>
            throw new ArgumentException(
                $"{binding.Rpc.Name} streams its request alone, which no RPC of V2 does and this gateway does not serve.", nameof(binding)),
    };

    private static RequestPlan PlanOf(IServiceProvider services, HttpBinding binding) =>
        ActivatorUtilities.CreateInstance<RequestPlan>(services, binding);

    // A list of JSON is what the unary RPC answers already.
    private static bool AsksForStream(HttpRequest request) => StreamFormat.AskedFor(request) is not (null or JsonArrayFormat);

    // The names of variables do not matter to routing: values are read from the raw path, where %2F and the like are whole.
    private static string Pattern(PathTemplate path) =>
        string.Concat(path.Segments.Select((segment, at) => segment.Variable is null ? $"/{segment.Literal}" : $"/{{p{at}}}"));
}
