namespace Gateway.Grpc.Protocol;

/// <summary>The content type of gRPC: <c>application/grpc</c>, optionally followed by <c>+</c> and a format, or by parameters.</summary>
internal static class ContentTypes
{
    public const string GrpcProto = "application/grpc+proto";

    private const string Grpc = "application/grpc";

    /// <summary>Whether a content type is gRPC's. gRPC-Web (<c>application/grpc-web</c>) is not.</summary>
    public static bool IsGrpc(ReadOnlySpan<char> contentType) =>
        contentType.StartsWith(Grpc, StringComparison.OrdinalIgnoreCase) &&
        (contentType.Length == Grpc.Length || contentType[Grpc.Length] is '+' or ';' or ' ');
}
