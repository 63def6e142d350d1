using System.Text.Json;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Core.Json;
using Gateway.Core.Wire;

namespace Gateway.Api.Faces.HomeAssistant;

/// <summary>
/// Reads what is asked: <c>{"entity_id", "workflow_id", "app_id", "user_id"}</c>. Members of other names are ignored, as the API does.
/// </summary>
internal static class PredictionBody
{
    // Four short texts.
    private const long MaxBytes = 64 * 1024;

    /// <summary>Reads the body of a request.</summary>
    /// <returns>The prediction; or why it cannot be read.</returns>
    public static async ValueTask<(Prediction? Prediction, ApiError? Error)> ReadAsync(
        HttpContext http, JsonLimits limits, SegmentPool segments)
    {
        using var text = new JsonTextReader(limits, segments);
        if (await RequestBody.ReadJsonAsync(http, text, MaxBytes) is { } error)
        {
            return (null, error);
        }

        using var json = text.Complete();
        return json is null ? (null, ApiErrors.Unreadable(text.Error!)) : Read(json.RootElement);
    }

    private static (Prediction? Prediction, ApiError? Error) Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return (null, HomeAssistantErrors.Invalid("The body is an object."));
        }

        var prediction = new Prediction(Text(body, "entity_id"), Text(body, "workflow_id"), Text(body, "app_id"), Text(body, "user_id"));
        var error = prediction switch
        {
            _ when !CameraId.IsValid(prediction.EntityId) => HomeAssistantErrors.Invalid($"entity_id: not {CameraId.Form}"),
            _ when string.IsNullOrWhiteSpace(prediction.WorkflowId) => HomeAssistantErrors.Invalid("workflow_id: missing, or not a text"),
            { UserId: not "", AppId: "" } => HomeAssistantErrors.Invalid("app_id: missing, or not a text; a user_id needs one"),
            _ => null,
        };
        return (prediction, error);
    }

    private static string Text(JsonElement body, string member) =>
        body.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
