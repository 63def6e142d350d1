using System.Globalization;

namespace Gateway.Grpc.Messages;

/// <summary>What can be wrong with a message.</summary>
internal static class MessageFailures
{
    public static readonly GrpcStatus BadPrefix = new(GrpcStatusCode.Internal, "received a message prefix that is not gRPC's");

    public static readonly GrpcStatus BrokenGzip = new(GrpcStatusCode.Internal, "received a compressed message that is not valid gzip");

    public static readonly GrpcStatus NoEncoding = new(GrpcStatusCode.Internal, "received a compressed message without a supported grpc-encoding");

    public static readonly GrpcStatus Truncated = new(GrpcStatusCode.Internal, "the stream ended inside a message");

    public static GrpcStatus ReceivedTooLarge(long length, int limit) => TooLarge(
        string.Create(CultureInfo.InvariantCulture, $"received message of {length} bytes is over the limit of {limit} bytes"));

    public static GrpcStatus UnpackedTooLarge(int limit) => TooLarge(
        string.Create(CultureInfo.InvariantCulture, $"received message is over the limit of {limit} bytes when decompressed"));

    public static GrpcStatus SentTooLarge(long length, int limit) => TooLarge(
        string.Create(CultureInfo.InvariantCulture, $"sent message of {length} bytes is over the limit of {limit} bytes"));

    private static GrpcStatus TooLarge(string message) => new(GrpcStatusCode.ResourceExhausted, message) { IsOverSizeLimit = true };
}
