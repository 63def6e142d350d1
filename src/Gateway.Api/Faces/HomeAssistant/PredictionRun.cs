using Clarifai.Api;
using Gateway.Api.Errors;
using Gateway.Core.Upstream.Calls;

namespace Gateway.Api.Faces.HomeAssistant;

/// <summary>What came of a prediction. Its holder disposes it, which disposes the workflow's answer.</summary>
/// <param name="Answer">How the call of the workflow ended; null when it came to none.</param>
/// <param name="Results">What the workflow found; null when there is a failure.</param>
/// <param name="Failure">Why there are no results; null when there are.</param>
internal sealed record PredictionRun(UnaryResult<Payload>? Answer, PostWorkflowResultsResponse? Results, ApiError? Failure) : IDisposable
{
    /// <summary>A run that did not come to the workflow.</summary>
    public static PredictionRun Failed(ApiError failure) => new(null, null, failure);

    public void Dispose() => Answer?.Dispose();
}
