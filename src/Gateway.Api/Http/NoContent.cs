using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Http;

/// <summary>
/// The body of an answer that has none, whatever is written to it. The server drops what is written to a body with HEAD only where it is
/// written as a stream. An answer that goes out before its length is known, a stream, has nothing more to say: it ends there, and what
/// makes it.
/// </summary>
/// <param name="response">The response.</param>
/// <param name="body">The server's own body of it.</param>
/// <param name="end">Ends what makes the answer.</param>
internal sealed class NoContent(
    HttpResponse response, IHttpResponseBodyFeature body, CancellationTokenSource end) : PipeWriter, IHttpResponseBodyFeature
{
    private const int BufferSize = 4096;

    private byte[] _buffer = [];
    private long _unflushed;
    private bool _isFlushed;

    public Stream Stream => field ??= AsStream(leaveOpen: true);

    public PipeWriter Writer => this;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _unflushed;

    /// <summary>Says how long the content would have been, where the answer came in one piece.</summary>
    public void Complete()
    {
        if (!response.HasStarted && !_isFlushed && _unflushed > 0)
        {
            response.ContentLength ??= _unflushed;
        }
    }

    public override void Advance(int bytes) => _unflushed += bytes;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_buffer.Length < Math.Max(sizeHint, 1))
        {
            _buffer = new byte[Math.Max(sizeHint, BufferSize)];
        }

        return _buffer;
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        _isFlushed = true;
        _unflushed = 0;
        await StartAsync(cancellationToken);
        if (response.ContentLength is null)
        {
            await end.CancelAsync();
        }

        return default;
    }

    public Task StartAsync(CancellationToken cancellationToken = default) => body.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        StartAsync(cancellationToken);

    public Task CompleteAsync() => body.CompleteAsync();

    public void DisableBuffering() => body.DisableBuffering();

    public override void CancelPendingFlush()
    {
        // None ever waits.
    }

    public override void Complete(Exception? exception = null)
    {
        // The server completes its own.
    }
}
