using Gateway.Grpc.Messages;

namespace Gateway.Grpc.Calls;

/// <summary>A request of one message.</summary>
internal sealed class SingleContent(GrpcMessage message, bool gzip) : RequestContent
{
    // The stream heeds the handler's token by itself.
    protected override Task WriteToAsync(Stream stream, CancellationToken cancellationToken) =>
        MessageWriter.WriteAsync(stream, message, gzip, CallEnded).AsTask();
}
