using Gateway.Api.Models;
using Gateway.Api.OpenApi;
using Gateway.Api.Pipeline;
using Gateway.Api.Streams;

namespace Gateway.Api.Faces.Methods;

/// <summary>The routes of models' methods, under every form of a model's path.</summary>
internal static class MethodEndpoints
{
    private const string Root = "/v2";
    private const string Tag = "methods";

    private static readonly OwnOperation List = new(Tag, "ListMethods", "Lists a model's methods, with their signatures and as JSON Schema.");
    private static readonly OwnOperation Get = new(Tag, "GetMethod", "Describes one method. With a WebSocket's handshake, calls a two-way method.");
    private static readonly OwnOperation Snippet = new(Tag, "GetMethodSnippet", "Code that calls the method, in the language that the query's lang names.") { Answers = ["text/plain"] };
    private static readonly OwnOperation Call = new(Tag, "CallMethod", "Calls a method with an object of arguments, or with a list of such objects.")
    {
        Takes = ["application/json", "multipart/form-data"],
        Answers = [.. StreamFormat.MediaTypes],
    };

    /// <summary>Maps them.</summary>
    public static void MapMethods(this IEndpointRouteBuilder endpoints)
    {
        var methods = endpoints.ServiceProvider.GetRequiredService<MethodServices>();
        foreach (var route in ModelRoute.Of(Root, "/methods"))
        {
            endpoints.MapGet(route.Pattern, new ListMethodsHandler(route, methods).HandleAsync).WithMetadata(List).ExcludeFromDescription();
        }

        foreach (var route in ModelRoute.Of(Root, "/methods/{method}" + SnippetHandler.Ending))
        {
            endpoints.MapGet(route.Pattern, new SnippetHandler(route, methods).HandleAsync).WithMetadata(Snippet).ExcludeFromDescription();
        }

        foreach (var route in ModelRoute.Of(Root, "/methods/{method}"))
        {
            endpoints.MapPost(route.Pattern, new CallMethodHandler(route, new BodyTransport(methods.Calls), methods).HandleAsync).WithMetadata(Call).ExcludeFromDescription();
            endpoints.MapMethods(route.Pattern, [HttpMethods.Get, HttpMethods.Connect], DescriptionOrSocket(endpoints, route, methods)).WithMetadata(Get).ExcludeFromDescription();
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
