using Gateway.Api.Errors;
using Gateway.Grpc;

namespace Gateway.Api.Grpc;

/// <summary>The gateway's own answers as gRPC has them: the same details under the status code that means the same.</summary>
internal static class GatewayStatus
{
    /// <summary>The status for an error.</summary>
    public static GrpcStatus Of(ApiError error) => new(CodeOf(error.HttpStatus), error.Details);

    /// <summary>The status for the end of an upstream call: its own, except where the gateway refused what the upstream sent.</summary>
    public static GrpcStatus Of(GrpcStatus upstream) =>
        upstream.IsOverSizeLimit ? upstream with { Message = "the upstream's response was refused: " + upstream.Message } : upstream;

    private static GrpcStatusCode CodeOf(int httpStatus) => httpStatus switch
    {
        StatusCodes.Status400BadRequest => GrpcStatusCode.InvalidArgument,
        StatusCodes.Status401Unauthorized => GrpcStatusCode.Unauthenticated,
        StatusCodes.Status403Forbidden => GrpcStatusCode.PermissionDenied,
        StatusCodes.Status503ServiceUnavailable => GrpcStatusCode.Unavailable,
        _ => GrpcStatusCode.Internal,
    };
}
