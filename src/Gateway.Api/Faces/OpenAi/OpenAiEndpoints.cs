using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Models;
using Gateway.Api.OpenApi;
using Gateway.Api.Pipeline;

namespace Gateway.Api.Faces.OpenAi;

/// <summary>The OpenAI face: its routes, and OpenAI's shape for every error below its path.</summary>
internal static class OpenAiEndpoints
{
    /// <summary>The path in front of all of them.</summary>
    public const string Root = "/v2/ext/openai/v1";

    private static readonly OwnOperation List = new(
        OpenAiEndpoint.Tag,
        "ListOpenAiModels",
        "Lists the models that the tenant may use: aliases, and those of its app that have an OpenAI transport or methods for it.");
    private static readonly OwnOperation Get = new(OpenAiEndpoint.Tag, "GetOpenAiModel", "Describes a model, by alias or address.");

    /// <summary>Adds what the face knows of models.</summary>
    public static void AddOpenAi(this IServiceCollection services)
    {
        services.AddSingleton<ModelNames>();
        services.AddSingleton<ServedModels>();
        services.AddSingleton<RequestPreparation>();
    }

    /// <summary>Maps them.</summary>
    public static void MapOpenAi(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var rpcs = services.GetRequiredService<MethodRpcs>();
        var arguments = services.GetRequiredService<ArgumentFactory>();
        var time = services.GetRequiredService<TimeProvider>();
        OpenAiEndpoint[] calls =
        [
            new ChatEndpoint(rpcs, arguments, time),
            new CompletionsEndpoint(rpcs, arguments, time),
            new EmbeddingsEndpoint(rpcs, arguments),
            new ImagesEndpoint(rpcs, arguments),
            new ResponsesEndpoint(rpcs, arguments),
        ];
        foreach (var call in calls)
        {
            var path = Root + call.Path;
            Map(endpoints, HttpMethods.Post, path, services.Handle<ModelCallHandler>(path, call), call.Operation, call.Errors);
        }

        Map(
            endpoints,
            HttpMethods.Get,
            $"{Root}/models",
            services.Handle<ListModelsHandler>($"{Root}/models"),
            List,
            new OpenAiErrorShape());
        Map(
            endpoints,
            HttpMethods.Get,
            $"{Root}/models/{{**model}}",
            services.Handle<GetModelHandler>($"{Root}/models/"),
            Get,
            new OpenAiErrorShape());
        endpoints.Map($"{Root}/{{**path}}", http => ErrorWriter.WriteAsync(http, ApiErrors.PathUnknown))
            .WithMetadata(new OpenAiErrorShape()).ExcludeFromDescription();
    }

    // Verbs that a path has not would be the last route's otherwise, which knows no path.
    private static void Map(
        IEndpointRouteBuilder endpoints, string verb, string route, RequestDelegate handler, OwnOperation operation, ErrorShape errors)
    {
        endpoints.MapMethods(route, [verb], handler).WithMetadata(operation, errors).ExcludeFromDescription();
        endpoints.Map(route, http => RefuseAsync(http, verb)).WithMetadata(new OpenAiErrorShape()).ExcludeFromDescription();
    }

    private static Task RefuseAsync(HttpContext http, string allow)
    {
        http.Response.Headers.Allow = allow = HeadRequests.Allow(allow);
        return ErrorWriter.WriteAsync(http, ApiErrors.MethodNotAllowed(http.Request.Method, allow));
    }
}
