using Gateway.Api.OpenApi;
using Gateway.Api.Pipeline;

namespace Gateway.Api.Faces.HomeAssistant;

/// <summary>The route for Home Assistant.</summary>
internal static class HomeAssistantEndpoints
{
    private const string Predict = "/home-assistant/predict";

    private static readonly OwnOperation Operation = new(
        "home-assistant",
        "PredictCamera",
        "Runs a workflow on a camera's snapshot, fires the event clarifai.prediction, and answers the results.");

    /// <summary>Adds what takes snapshots, and the cameras that are looked at again and again.</summary>
    public static void AddHomeAssistant(this IServiceCollection services)
    {
        services.AddSingleton<HomeAssistantClient>();
        services.AddSingleton<Predictor>();
        services.AddHostedService<CameraScans>();
    }

    /// <summary>Maps it.</summary>
    public static void MapHomeAssistant(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost(
            Predict, endpoints.ServiceProvider.Handle<PredictHandler>(Predict)).WithMetadata(Operation).ExcludeFromDescription();
}
