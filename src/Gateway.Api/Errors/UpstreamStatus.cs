using Clarifai.Api.Status;
using Gateway.Core.Schema;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Failures;
using Gateway.Core.Upstream.Retries;

namespace Gateway.Api.Errors;

/// <summary>What a gRPC status of the upstream means to an HTTP client (codes: the gRPC status code document).</summary>
internal static class UpstreamStatus
{
    /// <summary>The answer for a call that ended with anything but OK.</summary>
    /// <param name="status">How it ended.</param>
    /// <param name="pushback">What the upstream said about another attempt.</param>
    public static ApiError ToApiError(CallOutcome status, Pushback pushback)
    {
        if (status.IsOutOfMemory)
        {
            return ApiErrors.AnswerOutOfMemory;
        }

        if (status.IsShutdown)
        {
            return ApiErrors.AnswerUnfinished;
        }

        // gRPC has one code for both; to a client, a message that is too large is no reason to slow down.
        var (code, http, description) = status.IsOverSizeLimit
            ? (StatusCode.RpcMaxMessageSizeExceeded, StatusCodes.Status502BadGateway, "Upstream message too large")
            : Meaning(status.Code);
        return ApiErrors.Upstream(code, http, description, status.Message) with { RetryAfter = pushback.Delay };
    }

    /// <summary>What a response message says went wrong; null when it says nothing of the kind.</summary>
    public static ApiError? FailureIn(RpcPlan rpc, Payload message) => StatusMap.IsFailure(message.Status)
        ? ApiErrors.OfMessage(ResponseStatus.Parse(rpc, message.Span))
        : null;

    private static (StatusCode Code, int Http, string Description) Meaning(GrpcStatusCode code) => code switch
    {
        // Not 499: a client that cancels is not there to be told, and one that is has not.
        GrpcStatusCode.Cancelled => (StatusCode.RpcCanceled, StatusCodes.Status502BadGateway, "Request canceled"),
        GrpcStatusCode.InvalidArgument or GrpcStatusCode.FailedPrecondition or GrpcStatusCode.OutOfRange =>
            (StatusCode.ConnInvalidRequest, StatusCodes.Status400BadRequest, "Invalid request"),
        GrpcStatusCode.DeadlineExceeded => (StatusCode.RpcRequestTimeout, StatusCodes.Status504GatewayTimeout, "Request timed out"),
        GrpcStatusCode.NotFound => (StatusCode.ConnDoesNotExist, StatusCodes.Status404NotFound, "Resource does not exist"),
        GrpcStatusCode.AlreadyExists => (StatusCode.ConnInvalidRequest, StatusCodes.Status409Conflict, "Resource already exists"),
        GrpcStatusCode.PermissionDenied => (StatusCode.ConnInsufficientScopes, StatusCodes.Status403Forbidden, "Insufficient scopes"),
        GrpcStatusCode.Unauthenticated => (StatusCode.ConnKeyInvalid, StatusCodes.Status401Unauthorized, "API key invalid"),
        GrpcStatusCode.ResourceExhausted => (StatusCode.ConnThrottled, StatusCodes.Status429TooManyRequests, "Limit exceeded"),
        GrpcStatusCode.Aborted => (StatusCode.TryAgain, StatusCodes.Status503ServiceUnavailable, "Try again"),
        GrpcStatusCode.Unimplemented => (StatusCode.NotImplemented, StatusCodes.Status501NotImplemented, "Not implemented"),
        GrpcStatusCode.Unavailable => (StatusCode.RpcServerUnavailable, StatusCodes.Status503ServiceUnavailable, "Upstream unavailable"),
        _ => (StatusCode.InternalServerIssue, StatusCodes.Status500InternalServerError, "Internal server issue"),
    };
}
