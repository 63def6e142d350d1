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

    /// <summary>The same with the member of the request that is at fault, for OpenAI's <c>param</c>.</summary>
    public static JsonObject Of(RequestError error)
    {
        var json = Of($"{error.Parameter}: {error.Message}");
        json["param"] = error.Parameter;
        return json;
    }
}
