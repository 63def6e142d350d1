using Gateway.Api.Calls;

namespace Gateway.Api.Methods;

/// <summary>The routes of models' methods, under every form of a model's path.</summary>
public static class MethodEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapMethods(this IEndpointRouteBuilder endpoints)
    {
        var methods = endpoints.ServiceProvider.GetRequiredService<MethodServices>();
        foreach (var route in ModelRoute.Of("/methods"))
        {
            endpoints.MapGet(route.Pattern, new ListMethodsHandler(route, methods).HandleAsync).ExcludeFromDescription();
        }

        foreach (var route in ModelRoute.Of("/methods/{method}" + SnippetHandler.Ending))
        {
            endpoints.MapGet(route.Pattern, new SnippetHandler(route, methods).HandleAsync).ExcludeFromDescription();
        }

        foreach (var route in ModelRoute.Of("/methods/{method}"))
        {
            endpoints.MapPost(route.Pattern, new CallMethodHandler(route, new BodyTransport(methods.Calls), methods).HandleAsync).ExcludeFromDescription();
            endpoints.MapMethods(route.Pattern, [HttpMethods.Get, HttpMethods.Connect], DescriptionOrSocket(endpoints, route, methods)).ExcludeFromDescription();
        }
    }

    // A WebSocket's handshake is a GET as well.
    private static RequestDelegate DescriptionOrSocket(IEndpointRouteBuilder endpoints, ModelRoute route, MethodServices methods)
    {
        var description = new GetMethodHandler(route, methods);
        var socket = new CallMethodHandler(route, new SocketTransport(methods.Calls), methods);
        var pipeline = endpoints.CreateApplicationBuilder().UseWebSockets();
        pipeline.Run(http => http.WebSockets.IsWebSocketRequest ? socket.HandleAsync(http) : description.HandleAsync(http));
        return pipeline.Build();
    }
}
