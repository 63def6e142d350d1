using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Core.Upstream.Calls;

namespace Gateway.Api.Streams.Resumption;

/// <summary>
/// One client's connection to a stream that can be resumed. A message counts as sent when the next one is asked for. Disposing it leaves
/// the stream to whoever comes back for it.
/// </summary>
internal sealed class ResumedMessages : MessageSource
{
    private readonly ResumableEntry _entry;
    private readonly CancellationTokenSource _over;
    private long _read;

    internal ResumedMessages(ResumableEntry entry, long position, CancellationToken aborted)
    {
        _entry = entry;
        Position = _read = position;
        _over = CancellationTokenSource.CreateLinkedTokenSource(aborted);
    }

    public override long Position { get; }

    public override ApiError? Failure => _entry.Failure;

    public override TokenCounts? Tokens => _entry.Stream.Tokens;

    public override async ValueTask<Payload?> ReadAsync(CancellationToken cancellationToken)
    {
        _entry.Stream.NoteSent(_read);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_over.Token, cancellationToken);
        var message = await _entry.Stream.ReadAsync(_read + 1, either.Token);
        if (message is null)
        {
            _over.Token.ThrowIfCancellationRequested(); // somebody else has the stream, or began it anew: for this client it has no end
            return null;
        }

        _read++;
        return message;
    }

    public override async ValueTask DisposeAsync()
    {
        await _entry.DetachAsync(this);
        _over.Dispose();
    }

    /// <summary>Ends this connection in favour of another.</summary>
    internal void TakeOver()
    {
        try
        {
            _over.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just left by itself.
        }
    }
}
