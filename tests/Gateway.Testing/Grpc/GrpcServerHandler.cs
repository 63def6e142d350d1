using Grpc.Core;

namespace Gateway.Testing.Grpc;

/// <summary>Serves one call of any kind: reads as many messages as come, writes as many as it likes, and returns the status.</summary>
public delegate Task<Status> GrpcServerHandler(GrpcServerCall call);
