using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Gateway.Core.Upstream.Failures;

namespace Gateway.Core.Upstream.Connections;

/// <summary>
/// Writes to one stream after the other: it keeps the first bytes, and begins the next stream with them. One write at a time;
/// the next stream may come at any time.
/// </summary>
[SuppressMessage("Reliability", "CA2213", Justification = "The semaphore has no handle to let go of, the streams are the handler's.")]
internal sealed class ReplayStream : WriteOnlyStream
{
    // What one waiting call may hold in memory. Questions and handshakes fit, images do not.
    private const int MaxKept = 64 * 1024;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private ArrayBufferWriter<byte>? _kept = new();
    private TaskCompletionSource? _replaced;
    private Stream _stream = Null;

    /// <summary>Whether all that was written is still here.</summary>
    public bool IsWhole => Volatile.Read(ref _kept) is not null;

    /// <summary>Writes all that was written so far to another stream, and from now on to that.</summary>
    /// <returns>A task that completes when that stream is replaced as well.</returns>
    /// <exception cref="RequestRefusedException">Not all is here any more.</exception>
    public async Task<Task> ContinueAtAsync(Stream stream)
    {
        await _turn.WaitAsync();
        try
        {
            var kept = Volatile.Read(ref _kept) ?? throw new RequestRefusedException();
            _replaced?.TrySetResult();
            _replaced = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _stream = stream;
            await stream.WriteAsync(kept.WrittenMemory);
            await stream.FlushAsync(); // without messages too: the headers would else wait for the first
        }
        catch (Exception exception) when (exception is not RequestRefusedException)
        {
            // Whoever waits for the response learns of it, whatever type the handler has for it: not all are public.
        }
        finally
        {
            _turn.Release();
        }

        return _replaced!.Task;
    }

    /// <summary>No other stream follows; this may be called at any time.</summary>
    public void Forget() => Volatile.Write(ref _kept, null);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            Keep(buffer.Span);
            await _stream.WriteAsync(buffer, cancellationToken);
        }
        catch (Exception exception) when (WillBeSaid(exception, cancellationToken))
        {
        }
        finally
        {
            _turn.Release();
        }
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await _stream.FlushAsync(cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // As above. The client flushes before it takes the stream, and without a stream its writes would wait for ever.
        }
        finally
        {
            _turn.Release();
        }
    }

    // A part of a request is of no use: what no longer fits drops all.
    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (Volatile.Read(ref _kept) is not { } kept)
        {
            return;
        }

        if (kept.WrittenCount + bytes.Length > MaxKept)
        {
            Forget();
            return;
        }

        kept.Write(bytes);
    }

    // The next stream begins with what this one has lost; if there is none, the call ends soon, and reading says why.
    private bool WillBeSaid(Exception exception, CancellationToken cancellationToken) =>
        IsWhole && TransportFailure.Covers(exception) && !cancellationToken.IsCancellationRequested;
}
