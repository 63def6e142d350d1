using Gateway.Core.Upstream.Calls;
using GrpcStatusCode = Grpc.Core.StatusCode;
using StatusCode = Clarifai.Api.Status.StatusCode;

namespace Gateway.Core.Upstream.Batching;

/// <summary>
/// Failures that each request would have met alone: of the credential, the account's limits, the model or workflow that all call, the
/// upstream. They are each one's answer, as making the calls again would only be more of them. Anything else may be one request's fault.
/// </summary>
internal static class SharedFailures
{
    /// <summary>Whether a call ended with one.</summary>
    public static bool Has(UnaryResult<Payload> result) =>
        result.Message is { } message ? Has((StatusCode)message.Status.Code) : Has(result.Outcome);

    // A message that is too large, or for which there is no memory, may be because it is for many.
    private static bool Has(in Failures.CallOutcome outcome) => outcome.Code switch
    {
        GrpcStatusCode.ResourceExhausted => !outcome.IsOverSizeLimit && !outcome.IsOutOfMemory,
        GrpcStatusCode.Unavailable or GrpcStatusCode.Unauthenticated or GrpcStatusCode.PermissionDenied => true,
        GrpcStatusCode.Unimplemented or GrpcStatusCode.Cancelled => true,
        _ => outcome.IsConnectionFailure,
    };

    private static bool Has(StatusCode code) => (int)code is 11001 || code is
        StatusCode.TryAgain or StatusCode.NotImplemented or StatusCode.Moved
        or StatusCode.ConnAccountIssues or StatusCode.ConnCredentialsInvalid or StatusCode.ConnKeyInvalid or StatusCode.ConnKeyNotFound
        or StatusCode.ConnInsufficientScopes or StatusCode.ConnAuthMethodDisabled or StatusCode.ConnNoGdprConsent
        or StatusCode.ConnExceedHourlyLimit or StatusCode.ConnExceedMonthlyLimit or StatusCode.ConnThrottled or StatusCode.ConnExceedsLimits
        or StatusCode.ModelDoesNotExist or StatusCode.ModelPermissionDenied or StatusCode.ModelUntrained
        or StatusCode.ModelDeploying or StatusCode.ModelQueuedForDeployment or StatusCode.ModelNotDeployed
        or StatusCode.ModelDeploymentFailed or StatusCode.ModelBusyPleaseRetry or StatusCode.ModelLoading
        or StatusCode.WorkflowDoesNotExist or StatusCode.WorkflowPermissionDenied
        or StatusCode.RunnerDoesNotExist or StatusCode.RunnerPermissionDenied or StatusCode.RunnerNeedsRetry
        or StatusCode.NodepoolDoesNotExist or StatusCode.ComputeClusterDoesNotExist
        or StatusCode.DeploymentDoesNotExist or StatusCode.DeploymentDisabled
        or StatusCode.RequestDisabledForMaintenance or StatusCode.RpcRequestQueueFull or StatusCode.RpcServerUnavailable
        or StatusCode.RpcUnknownMethod or StatusCode.BillingMissingTokens;
}
