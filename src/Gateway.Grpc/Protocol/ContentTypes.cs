namespace Gateway.Grpc.Protocol;

/// <summary>
/// The content types of gRPC: <c>application/grpc</c> (PROTOCOL-HTTP2.md), <c>application/grpc-web</c> and <c>application/grpc-web-text</c>
/// (PROTOCOL-WEB.md), each optionally followed by <c>+</c> and a format, or by parameters.
/// </summary>
internal static class ContentTypes
{
    public const string GrpcProto = "application/grpc+proto";
    public const string GrpcWebProto = "application/grpc-web+proto";
    public const string GrpcWebTextProto = "application/grpc-web-text+proto";

    /// <summary>Whether a content type is native gRPC's. gRPC-Web's are not.</summary>
    public static bool IsGrpc(ReadOnlySpan<char> contentType) => Is(contentType, "application/grpc");

    /// <summary>Whether a content type is gRPC-Web's in bytes.</summary>
    public static bool IsGrpcWeb(ReadOnlySpan<char> contentType) => Is(contentType, "application/grpc-web");

    /// <summary>Whether a content type is gRPC-Web's in base64.</summary>
    public static bool IsGrpcWebText(ReadOnlySpan<char> contentType) => Is(contentType, "application/grpc-web-text");

    private static bool Is(ReadOnlySpan<char> contentType, string name) =>
        contentType.StartsWith(name, StringComparison.OrdinalIgnoreCase) &&
        (contentType.Length == name.Length || contentType[name.Length] is '+' or ';' or ' ');
}
