namespace Gateway.Grpc.Server;

/// <summary>How a call can end without its handler's status.</summary>
internal static class ServerFailures
{
    public static readonly GrpcStatus BadTimeout = new(GrpcStatusCode.Internal, "grpc-timeout is not a timeout");

    public static readonly GrpcStatus BrokenBase64 = new(GrpcStatusCode.Internal, "received text that is not base64");

    public static readonly GrpcStatus Cancelled = new(GrpcStatusCode.Cancelled, "the call was cancelled");

    public static readonly GrpcStatus DeadlineExceeded = new(GrpcStatusCode.DeadlineExceeded, "the deadline passed before the call ended");

    public static readonly GrpcStatus HandlerFailed = new(GrpcStatusCode.Unknown, "the handler of the method failed");

    public static readonly GrpcStatus NoMessage = new(GrpcStatusCode.Internal, "the request ended without a message");

    public static readonly GrpcStatus TooManyMessages = new(GrpcStatusCode.Internal, "the request has more than one message");

    public static readonly GrpcStatus UnknownEncoding = new(GrpcStatusCode.Unimplemented, "grpc-encoding is not supported");

    public static readonly GrpcStatus UnknownMethod = new(GrpcStatusCode.Unimplemented, "the method is not known here");
}
