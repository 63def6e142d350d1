using Gateway.Api.Models;
using Gateway.Api.OpenApi;
using Gateway.Api.Pipeline;

namespace Gateway.Api.Faces.Methods;

/// <summary>The routes of models' methods, under every form of a model's path.</summary>
internal static class MethodEndpoints
{
    private const string Root = "/v2";
    private const string Tag = "methods";

    private static readonly OwnOperation List = new(
        Tag, "ListMethods", "Lists a model's methods, with their signatures and as JSON Schema.");
    private static readonly OwnOperation Get = new(
        Tag, "GetMethod", "Describes one method. With a WebSocket's handshake, calls a two-way method.");
    private static readonly OwnOperation Snippet = new(
        Tag, "GetMethodSnippet", "Code that calls the method, in the language that the query's lang names.");
    private static readonly OwnOperation Call = new(
        Tag, "CallMethod", "Calls a method with an object of arguments, or with a list of such objects.");

    /// <summary>Adds what calls methods.</summary>
    public static void AddMethods(this IServiceCollection services)
    {
        services.AddSingleton<ResultAnswer>();
        services.AddSingleton<ResultViews>();
        services.AddSingleton<MethodPrediction>();
        services.AddSingleton<MethodGeneration>();
        services.AddSingleton<MethodExchange>();
    }

    /// <summary>Maps them.</summary>
    public static void MapMethods(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        foreach (var path in ModelPath.Of(Root, "/methods"))
        {
            endpoints.MapGet(path.Pattern, services.Handle<ListMethodsHandler>(path)).WithMetadata(List).ExcludeFromDescription();
        }

        foreach (var path in ModelPath.Of(Root, "/methods/{method}" + SnippetHandler.Ending))
        {
            endpoints.MapGet(path.Pattern, services.Handle<SnippetHandler>(path)).WithMetadata(Snippet).ExcludeFromDescription();
        }

        foreach (var path in ModelPath.Of(Root, "/methods/{method}"))
        {
            endpoints.MapPost(path.Pattern, services.Handle<CallMethodHandler>(path)).WithMetadata(Call).ExcludeFromDescription();
            endpoints.MapMethods(
                path.Pattern,
                [HttpMethods.Get, HttpMethods.Connect],
                DescriptionOrSocket(endpoints, path)).WithMetadata(Get).ExcludeFromDescription();
        }
    }

    // A WebSocket's handshake is a GET as well.
    private static RequestDelegate DescriptionOrSocket(IEndpointRouteBuilder endpoints, ModelPath path)
    {
        var description = endpoints.ServiceProvider.Handle<GetMethodHandler>(path);
        var socket = endpoints.ServiceProvider.Handle<MethodSocketHandler>(path);
        var pipeline = endpoints.CreateApplicationBuilder().UseWebSockets();
        pipeline.Run(http => http.WebSockets.IsWebSocketRequest ? socket(http) : description(http));
        return pipeline.Build();
    }
}
