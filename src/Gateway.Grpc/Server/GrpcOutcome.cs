namespace Gateway.Grpc.Server;

/// <summary>How a served call ended: a feature of its HTTP request, for whoever logs requests.</summary>
public sealed class GrpcOutcome
{
    /// <summary>The status; null while the call runs.</summary>
    public GrpcStatus? Status { get; internal set; }
}
