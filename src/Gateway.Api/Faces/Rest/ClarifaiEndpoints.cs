using Gateway.Api.Pipeline;
using Gateway.Api.Streams;
using Gateway.Core.Binding;
using Gateway.Core.Schema;

namespace Gateway.Api.Faces.Rest;

/// <summary>The API's own routes: one endpoint per verb and path, the route in its metadata, all from descriptors.</summary>
internal static class ClarifaiEndpoints
{
    /// <summary>Maps every route of the API.</summary>
    public static void MapClarifaiApi(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider.GetRequiredService<CallServices>();
        foreach (var route in endpoints.ServiceProvider.GetRequiredService<HttpRoutes>().All)
        {
            endpoints
                .MapMethods(Pattern(route.Binding.Path), [route.Binding.Method], Handler(route, services))
                .WithMetadata(route)
                .ExcludeFromDescription()
                .WithDisplayName($"{route.Binding.Method} {route.Binding.Path.Text}");
            if (route.Binding.Rpc.Kind == RpcKind.DuplexStreaming)
            {
                MapWebSocket(endpoints, route, services);
            }
        }
    }

    // The handshake is a GET in HTTP/1.1 (RFC 6455, 4.1) and an extended CONNECT in HTTP/2 (RFC 8441, 4).
    private static void MapWebSocket(IEndpointRouteBuilder endpoints, HttpRoute route, CallServices services)
    {
        var sockets = endpoints.CreateApplicationBuilder().UseWebSockets();
        sockets.Run(new DuplexCallHandler(route.Binding, new SocketTransport(services), services).HandleAsync);
        endpoints
            .MapMethods(Pattern(route.Binding.Path), [HttpMethods.Get, HttpMethods.Connect], sockets.Build())
            .WithMetadata(route)
            .ExcludeFromDescription()
            .WithDisplayName($"WebSocket {route.Binding.Path.Text}");
    }

    private static RequestDelegate Handler(HttpRoute route, CallServices services)
    {
        var main = HandlerOf(route.Binding, services);
        if (route.EventStream is null)
        {
            return main.HandleAsync;
        }

        var stream = HandlerOf(route.EventStream, services);
        return http => AsksForStream(http.Request) ? stream.HandleAsync(http) : main.HandleAsync(http);
    }

    private static CallHandler HandlerOf(HttpBinding binding, CallServices services) => binding.Rpc.Kind switch
    {
        RpcKind.Unary => new UnaryCallHandler(binding, services),
        RpcKind.ServerStreaming => new ServerStreamCallHandler(binding, services),
        RpcKind.DuplexStreaming => new DuplexCallHandler(binding, new BodyTransport(services), services),
        _ => throw new ArgumentException($"{binding.Rpc.Name} streams its request alone, which no RPC of V2 does and this gateway does not serve.", nameof(binding)),
    };

    // A list of JSON is what the unary RPC answers already.
    private static bool AsksForStream(HttpRequest request) => StreamFormat.AskedFor(request) is not (null or JsonArrayFormat);

    // The names of variables do not matter to routing: values are read from the raw path, where %2F and the like are whole.
    private static string Pattern(PathTemplate path) =>
        string.Concat(path.Segments.Select((segment, at) => segment.Variable is null ? $"/{segment.Literal}" : $"/{{p{at}}}"));
}
