namespace Gateway.Api.Streams;

/// <summary>
/// Keeps a response alive while its writer has nothing to send: a timer, and the turns that both take at writing. The first beat comes
/// after the configured grace, unless it is scheduled earlier.
/// </summary>
internal sealed class Heartbeats : IAsyncDisposable
{
    private readonly HttpContext _http;
    private readonly Func<ValueTask<TimeSpan>> _beat;
    private readonly ITimer _timer;

    // Held while bytes are written, by the writer or by a heartbeat.
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Starts the grace.</summary>
    /// <param name="grace">How long to wait for the first.</param>
    /// <param name="beat">Writes a heartbeat if one is due, in a turn of its own; answers when to look again.</param>
    public Heartbeats(HttpContext http, TimeSpan grace, TimeProvider time, Func<ValueTask<TimeSpan>> beat)
    {
        _http = http;
        _beat = beat;
        _timer = time.CreateTimer(OnTimer, this, grace, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether there are to be no more; to be set in a turn.</summary>
    public bool IsOver { get; set; }

    /// <summary>Waits for the writer's turn, which <see cref="EndTurn"/> ends.</summary>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    public Task BeginTurnAsync(CancellationToken cancellationToken) => _turn.WaitAsync(cancellationToken);

    /// <summary>Ends the writer's turn.</summary>
    public void EndTurn() => _turn.Release();

    /// <summary>Sets when to look for the next heartbeat.</summary>
    public void Schedule(TimeSpan due) => _timer.Change(due, Timeout.InfiniteTimeSpan);

    /// <summary>Ends the heartbeats; when it completes, nothing more is written.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _turn.WaitAsync();
        IsOver = true;
        _turn.Release();
    }

    private static void OnTimer(object? heartbeats) => _ = ((Heartbeats)heartbeats!).BeatAsync();

    private async Task BeatAsync()
    {
        try
        {
            await _turn.WaitAsync(_http.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            return; // the client left, which the handler notices as well
        }

        try
        {
            if (!IsOver)
            {
                Schedule(await _beat());
            }
        }
        catch (OperationCanceledException)
        {
            // The same.
        }
        finally
        {
            _turn.Release();
        }
    }
}
