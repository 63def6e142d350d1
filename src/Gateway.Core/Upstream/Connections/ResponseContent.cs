using System.Net;
using System.Net.Http.Headers;

namespace Gateway.Core.Upstream.Connections;

/// <summary>A response, of which large messages are read past the gRPC client.</summary>
internal sealed class ResponseContent : HttpContent
{
    // The client reads no other header. What comes was checked, and is not parsed again.
    private static readonly MediaTypeHeaderValue Grpc = new("application/grpc");

    private readonly HttpContent _inner;
    private readonly RequestContent _request;
    private readonly int _maxMessageBytes;

    /// <summary>Wraps a response's content.</summary>
    /// <param name="inner">The content as it comes.</param>
    /// <param name="request">The request that it answers.</param>
    /// <param name="maxMessageBytes">The most bytes of a message.</param>
    public ResponseContent(HttpContent inner, RequestContent request, int maxMessageBytes)
    {
        _inner = inner;
        _request = request;
        _maxMessageBytes = maxMessageBytes;
        Headers.ContentType = Grpc;
    }

    // The response's stream is there with its headers.
    protected override Task<Stream> CreateContentReadStreamAsync() =>
        Task.FromResult<Stream>(new ReceivedMessageStream(_inner.ReadAsStream(), _request, _maxMessageBytes));

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => throw new NotSupportedException();

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
