using System.Net;
using System.Net.Http.Headers;

namespace Gateway.Grpc.Calls;

/// <summary>The body of a request, which knows when nothing of it is being written any more.</summary>
internal abstract class RequestContent : HttpContent
{
    private static readonly MediaTypeHeaderValue GrpcContentType = new(Protocol.ContentTypes.GrpcProto);

    protected RequestContent() => Headers.ContentType = GrpcContentType;

    /// <summary>
    /// Completes when no write is under way. A response may arrive, and a call may fail, while the handler still writes the request:
    /// only when the send has returned and this has completed do the request's bytes belong to the caller again.
    /// </summary>
    public Task Written { get; private set; } = Task.CompletedTask;

    /// <summary>Whether the handler has begun to send it: before that nothing of the call has left this side.</summary>
    public bool WasBegun { get; private set; }

    /// <summary>Whether the caller may send more messages.</summary>
    public virtual bool IsOpen => false;

    /// <summary>
    /// Fires when the call is over. The handler's own token does not serve: once there is a response, it leaves a request that is
    /// still being written alone, and a peer that stops reading would hold it for ever.
    /// </summary>
    public CancellationToken CallEnded { get; set; }

    /// <summary>To be called when there is a response: from now on the request is not sent again.</summary>
    public virtual void Answered()
    {
    }

    protected abstract Task WriteToAsync(Stream stream, CancellationToken cancellationToken);

    protected sealed override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        WasBegun = true;

        // The handler writes again when the peer refused the stream, perhaps before the first write has noticed.
        Task write = WriteToAsync(stream, cancellationToken);
        Written = Written.IsCompleted ? write : Task.WhenAll(Written, write);
        return write;
    }

    protected sealed override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected sealed override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
