using System.Net;

namespace Gateway.Core.Upstream.Connections;

/// <summary>
/// A request whose messages are written one by one while the call runs. When the peer refuses it (REFUSED_STREAM, GOAWAY), the HTTP handler
/// sends it again, which nobody above can: what the client has written, it does not write twice. So it writes to a stream that outlives
/// the refused one.
/// </summary>
/// <param name="messages">The gRPC client's content, which writes as its user does.</param>
internal sealed class TwoWayContent(HttpContent messages) : RequestContent(messages)
{
    // One less than the handler's own, so that its last refusal is ours to tell.
    private const int MaxSends = 3;

    private readonly ReplayStream _stream = new();
    private int _sends;
    private Task? _written;

    /// <inheritdoc/>
    public override bool IsSpent => _sends == MaxSends || (WasBegun && !_stream.IsWhole);

    /// <inheritdoc/>
    public override void NoteAnswered() => _stream.Forget();

    // The handler's own token is left alone: it fires when the stream is reset, and a request that failed for that would hide the refusal.
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        WasBegun = true;
        _sends++;
        var replaced = await _stream.ContinueAtAsync(stream);
        _written ??= Messages.CopyToAsync(_stream, context, CancellationToken.None);
        await await Task.WhenAny(_written, replaced);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stream.Dispose();
        }

        base.Dispose(disposing);
    }
}
