namespace Gateway.Grpc.Server;

/// <summary>
/// Serves one call of any kind: reads as many messages as come, writes as many as it likes, and returns the status. A handler that
/// throws ends its call with <see cref="GrpcStatusCode.Unknown"/> and nothing of the exception's text.
/// </summary>
public delegate Task<GrpcStatus> GrpcServerHandler(GrpcServerCall call);
