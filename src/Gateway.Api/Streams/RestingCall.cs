using Gateway.Api.Lifetime;
using Gateway.Api.Tenancy;

namespace Gateway.Api.Streams;

/// <summary>
/// A two-way call as the end of the gateway sees it. One that rests, with nothing of its client's left to answer, ends as soon as the
/// gateway takes no new connections: it might rest for as long as its client likes. One that works has the time that all streams have.
/// Thread-safe.
/// </summary>
internal sealed class RestingCall : IDisposable
{
    // A model that answers a message with many has pauses, too.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    private readonly LiveCall _live;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly CancellationTokenRegistration _closing;
    private long _answered;
    private volatile bool _waits;
    private volatile bool _isWhole;

    /// <summary>Keeps an eye on a call.</summary>
    /// <param name="live">The call.</param>
    /// <param name="drain">Whether the gateway ends.</param>
    public RestingCall(LiveCall live, Drain drain, TimeProvider time)
    {
        _live = live;
        _time = time;
        _answered = time.GetTimestamp();
        _timer = time.CreateTimer(call => ((RestingCall)call!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _closing = drain.Closing.UnsafeRegister(call => ((RestingCall)call!).Look(), this);
    }

    /// <summary>Notes a message of the client's.</summary>
    public void Asked() => _waits = true;

    /// <summary>Notes that the client has said all: it waits for the rest of the answers.</summary>
    public void AskedAll() => _isWhole = true;

    /// <summary>Notes a message of the upstream's.</summary>
    public void Answered()
    {
        Volatile.Write(ref _answered, _time.GetTimestamp());
        _waits = false;
    }

    public void Dispose()
    {
        _closing.Dispose();
        _timer.Dispose();
    }

    private void Look()
    {
        var rested = _waits || _isWhole ? TimeSpan.Zero : _time.GetElapsedTime(Volatile.Read(ref _answered));
        if (rested >= Rest)
        {
            _live.End();
        }
        else
        {
            _timer.Change(Rest - rested, Timeout.InfiniteTimeSpan);
        }
    }
}
