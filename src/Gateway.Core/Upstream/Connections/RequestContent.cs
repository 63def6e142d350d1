using System.Net;

namespace Gateway.Core.Upstream.Connections;

/// <summary>
/// The gRPC client's content, with what is known of it on its way: how far it came, and whether it can be sent once more.
/// </summary>
internal class RequestContent : HttpContent
{
    public RequestContent(HttpContent messages)
    {
        Messages = messages;
        Headers.ContentType = messages.Headers.ContentType; // it has no other
    }

    /// <summary>Whether the handler has begun to send it: before that nothing of the call has left this side.</summary>
    public bool WasBegun { get; protected set; }

    /// <summary>
    /// Whether it is not to be sent from here any more. Whoever makes a call makes it again, if at all: only there is a wait, a budget, and
    /// perhaps another address.
    /// </summary>
    public virtual bool IsSpent => WasBegun;

    /// <summary>Whether the call's messages are bytes to the client, and no objects; known once one was sent.</summary>
    public bool IsOfBytes { get; set; }

    /// <summary>Where a large answer is counted before it is read; null for nowhere.</summary>
    public IMemoryShare? Memory { get; set; }

    protected HttpContent Messages { get; }

    /// <summary>To be called when there is a response: the peer has not refused the call.</summary>
    public virtual void NoteAnswered()
    {
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        WasBegun = true;
        return Messages.CopyToAsync(new LentMessageStream(stream, this), context, cancellationToken);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Messages.Dispose();
        }

        base.Dispose(disposing);
    }
}
