namespace Gateway.Grpc.Server;

/// <summary>Leaves a handler when its call cannot go on, so that it does not take half a request for a whole one.</summary>
internal sealed class CallFailedException(GrpcStatus status) : Exception(status.Message)
{
    public GrpcStatus Status { get; } = status;
}
