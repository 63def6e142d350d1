using Gateway.Grpc.Messages;

namespace Gateway.Grpc.Calls;

/// <summary>
/// A request of one message. It is sent once: who makes the call makes it again, if at all, because only there is a wait, a budget, and perhaps
/// another address.
/// </summary>
internal sealed class SingleContent(GrpcMessage message, bool gzip) : RequestContent
{
    /// <summary>
    /// For a handler to call before it sends a request's headers. What a peer refuses (REFUSED_STREAM, GOAWAY) the handler sends three more times at
    /// once, which no option of it turns off; an exception from here does.
    /// </summary>
    /// <exception cref="RequestRefusedException">The request was sent before.</exception>
    public static void ThrowIfSent(HttpRequestMessage request)
    {
        if (request.Content is SingleContent { WasBegun: true }) throw new RequestRefusedException();
    }

    // The stream heeds the handler's token by itself.
    protected override Task WriteToAsync(Stream stream, CancellationToken cancellationToken) =>
        MessageWriter.WriteAsync(stream, message, gzip, CallEnded).AsTask();
}
