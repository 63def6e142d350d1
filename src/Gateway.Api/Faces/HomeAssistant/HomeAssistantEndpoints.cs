using Gateway.Api.Configuration;
using Gateway.Api.OpenApi;
using Gateway.Api.Pipeline;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Faces.HomeAssistant;

/// <summary>The route for Home Assistant.</summary>
internal static class HomeAssistantEndpoints
{
    private const string Predict = "/home-assistant/predict";

    private static readonly OwnOperation Operation = new("home-assistant", "PredictCamera", "Runs a workflow on a camera's snapshot, fires the event clarifai.prediction, and answers the results.")
    {
        Takes = ["application/json"],
    };

    /// <summary>Maps it.</summary>
    public static void MapHomeAssistant(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var options = services.GetRequiredService<IOptions<GatewayOptions>>().Value.HomeAssistant;
        var handler = new PredictHandler(Predict, services.GetRequiredService<Predictor>(), options, services.GetRequiredService<CallServices>());
        endpoints.MapPost(Predict, handler.HandleAsync).WithMetadata(Operation).ExcludeFromDescription();
    }
}
