namespace Gateway.Grpc.Server;

/// <summary>Fires when the client leaves or the call's time is up, and tells the two apart.</summary>
internal sealed class ServerDeadline : IDisposable
{
    private readonly CancellationToken _aborted;
    private readonly CancellationTokenSource? _timer;
    private readonly CancellationTokenSource? _either;

    public ServerDeadline(TimeSpan? timeout, TimeProvider time, CancellationToken aborted)
    {
        _aborted = aborted;
        if (timeout is null || timeout > Longest) return;
        _timer = new CancellationTokenSource(timeout.Value, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, aborted);
    }

    public CancellationToken Token => _either?.Token ?? _aborted;

    public bool HasPassed => _timer is { IsCancellationRequested: true };

    // The longest a timer can wait: 49 days, beyond the life of any connection.
    private static TimeSpan Longest => TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    public void Dispose()
    {
        _either?.Dispose();
        _timer?.Dispose();
    }
}
