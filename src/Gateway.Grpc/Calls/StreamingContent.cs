using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Gateway.Grpc.Messages;

namespace Gateway.Grpc.Calls;

/// <summary>
/// A request whose messages are written one by one while the call runs. When the peer refuses it (REFUSED_STREAM, GOAWAY), the handler
/// sends it again elsewhere: for that the first messages are kept until there is a response.
/// </summary>
/// <param name="gzip">Whether the request's headers announce gzip.</param>
[SuppressMessage("Reliability", "CA2213", Justification = "The semaphore has no handle to let go of, and a late write may still ask it.")]
internal sealed class StreamingContent(bool gzip) : RequestContent
{
    private readonly bool _announcesGzip = gzip;
    private readonly ReplayBuffer _replay = new();
    private readonly SemaphoreSlim _turn = new(1, 1); // to write: the caller's, or a replay's
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Attempt? _attempt;

    /// <summary>Whether the request was half-closed.</summary>
    public bool IsCompleted => _completed.Task.IsCompleted;

    /// <inheritdoc/>
    public override bool IsOpen => !IsCompleted;

    /// <summary>Whether the next messages are sent with gzip; never where the headers do not announce it.</summary>
    public bool Gzip { get; set => field = value && _announcesGzip; } = gzip;

    /// <summary>Half-closes the request.</summary>
    public void Complete() => _completed.TrySetResult();

    /// <summary>Sends a message once the request is under way.</summary>
    /// <returns>False when its stream failed, and will not be replaced.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> WriteAsync(GrpcMessage message, CancellationToken cancellationToken)
    {
        if (!_opened.Task.IsCompleted) await _opened.Task.WaitAsync(cancellationToken);
        await _turn.WaitAsync(cancellationToken);
        Attempt attempt = _attempt!;
        try
        {
            _replay.Add(message, Gzip);
            await MessageWriter.WriteAsync(attempt.Stream, message, Gzip, cancellationToken);
            await attempt.Stream.FlushAsync(cancellationToken);
            return true;
        }
        catch (Exception exception) when (TransportFailure.Covers(exception))
        {
            if (!_replay.IsWhole) return false;
        }
        finally
        {
            _turn.Release();
        }

        // The next attempt sends the message, if there is one; if not, the call ends soon.
        await Task.WhenAny(attempt.Replaced.Task, _answered.Task).WaitAsync(cancellationToken);
        return attempt.Replaced.Task.IsCompleted;
    }

    public override void Answered()
    {
        _replay.Drop();
        _answered.TrySetResult();
    }

    // The handler's own token is left alone: it fires when the stream is reset, and whoever waits for the response learns why. A request
    // that failed before that would hide it from the handler, which then would not send it again.
    protected override async Task WriteToAsync(Stream stream, CancellationToken cancellationToken)
    {
        var attempt = new Attempt(stream);
        await _turn.WaitAsync(CallEnded);
        try
        {
            if (_attempt is not null && !_replay.IsWhole) throw new RequestNotKeptException();
            await _replay.WriteToAsync(stream, CallEnded);
            _attempt?.Replaced.TrySetResult();
            _attempt = attempt;
        }
        finally
        {
            _turn.Release();
        }

        _opened.TrySetResult();
        await Task.WhenAny(_completed.Task, attempt.Replaced.Task).WaitAsync(CallEnded);
    }

    /// <summary>The request on one stream.</summary>
    private sealed class Attempt(Stream stream)
    {
        public Stream Stream => stream;

        /// <summary>Completes when another attempt has sent all that was sent here.</summary>
        public TaskCompletionSource Replaced { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
