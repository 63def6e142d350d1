namespace Gateway.Interop;

/// <summary>The paths that the cases call.</summary>
internal static class Methods
{
    public const string EmptyCall = "/grpc.testing.TestService/EmptyCall";
    public const string UnaryCall = "/grpc.testing.TestService/UnaryCall";
    public const string StreamingInputCall = "/grpc.testing.TestService/StreamingInputCall";
    public const string StreamingOutputCall = "/grpc.testing.TestService/StreamingOutputCall";
    public const string FullDuplexCall = "/grpc.testing.TestService/FullDuplexCall";

    // No server has these two.
    public const string UnimplementedMethod = "/grpc.testing.TestService/UnimplementedCall";
    public const string UnimplementedService = "/grpc.testing.UnimplementedService/UnimplementedCall";
}
