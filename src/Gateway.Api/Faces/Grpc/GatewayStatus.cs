using Gateway.Api.Errors;
using Gateway.Core.Upstream.Failures;
using Grpc.Core;

namespace Gateway.Api.Faces.Grpc;

/// <summary>The gateway's own answers as gRPC has them: the same details under the status code that means the same.</summary>
internal static class GatewayStatus
{
    /// <summary>The status for an error.</summary>
    public static Status Of(ApiError error) => new(CodeOf(error.HttpStatus), error.Details);

    /// <summary>The status for the end of an upstream call: its own, except where the gateway refused what the upstream sent.</summary>
    public static Status Of(CallOutcome outcome) => outcome switch
    {
        { IsOutOfMemory: true } => Of(ApiErrors.AnswerOutOfMemory),
        { IsOverSizeLimit: true } => new Status(outcome.Code, "the upstream's response was refused: " + outcome.Message),
        _ => new Status(outcome.Code, outcome.Message),
    };

    private static StatusCode CodeOf(int httpStatus) => httpStatus switch
    {
        StatusCodes.Status400BadRequest => StatusCode.InvalidArgument,
        StatusCodes.Status401Unauthorized => StatusCode.Unauthenticated,
        StatusCodes.Status403Forbidden => StatusCode.PermissionDenied,
        StatusCodes.Status408RequestTimeout or StatusCodes.Status504GatewayTimeout => StatusCode.DeadlineExceeded,
        StatusCodes.Status413PayloadTooLarge or StatusCodes.Status429TooManyRequests => StatusCode.ResourceExhausted,
        StatusCodes.Status503ServiceUnavailable => StatusCode.Unavailable,
        _ => StatusCode.Internal,
    };
}
