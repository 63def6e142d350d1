using Gateway.Api.Errors;
using Gateway.Api.Tenancy;

namespace Gateway.Api.Streams.Resumption;

/// <summary>A stream that can be resumed, the client that has it, and the time that is left to come back for it. Thread-safe.</summary>
internal sealed class ResumableEntry : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Func<ResumableEntry, Task> _remove;
    private readonly LiveCall _live;
    private readonly TimeSpan _window;
    private readonly ITimer _timer;
    private ResumedMessages? _client;
    private volatile ApiError? _ending;

    /// <summary>Makes an entry for a stream and its call, which change hands.</summary>
    public ResumableEntry(ResumableMessages stream, LiveCall live, TimeSpan window, TimeProvider time, Func<ResumableEntry, Task> remove)
    {
        Stream = stream;
        _live = live;
        _window = window;
        _remove = remove;
        _timer = time.CreateTimer(_ => _ = remove(this), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public ResumableMessages Stream { get; }

    /// <summary>Why the stream failed, or why its call was over before it; null when it ended well. To be asked at the end.</summary>
    public ApiError? Failure => _ending ?? Stream.Failure;

    /// <summary>Whether all that is kept of it is kept for a client that may not come back.</summary>
    public bool IsOver
    {
        get
        {
            lock (_gate)
            {
                return _client is null && Stream.HasEnded;
            }
        }
    }

    /// <summary>Removes the entry when its call is over. For a client that has it, the stream ends, and says why.</summary>
    public void EndWithCall() => _live.Over.UnsafeRegister(entry => ((ResumableEntry)entry!).End(), this);

    /// <summary>Gives the stream to a client; the one that had it loses it.</summary>
    public ResumedMessages Attach(long position, CancellationToken aborted)
    {
        var client = new ResumedMessages(this, position, aborted);
        ResumedMessages? before;
        lock (_gate)
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            (before, _client) = (_client, client);
        }

        // Not under the lock: the one that loses the stream may detach at once, on this thread.
        before?.TakeOver();
        return client;
    }

    /// <summary>
    /// Notes that a client is gone, and waits for it to come back. One that has had nothing does not know what to come back for.
    /// </summary>
    public Task DetachAsync(ResumedMessages client)
    {
        lock (_gate)
        {
            if (_client != client)
            {
                return Task.CompletedTask;
            }

            _client = null;
            if (Stream.WasSent)
            {
                _timer.Change(_window, Timeout.InfiniteTimeSpan);
                return Task.CompletedTask;
            }
        }

        return _remove(this);
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        if (_ending is null)
        {
            _client?.TakeOver();
        }

        await Stream.DisposeAsync();
        _live.Dispose();
    }

    private void End()
    {
        _ending = _live.Ending;
        _ = _remove(this);
    }
}
