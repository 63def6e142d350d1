using System.Text.Json.Nodes;
using Clarifai.Api.Status;

namespace Gateway.Sandbox.OpenAi;

/// <summary>How a transport method reports a failure: the API's code, a description and details, as a JSON object.</summary>
internal static class OpenAiError
{
    public static JsonObject Of(string details) => new()
    {
        ["code"] = (int)StatusCode.ModelPredictionFailed,
        ["description"] = "Model prediction failed",
        ["details"] = details,
    };
}
