namespace Gateway.Api.Streams;

/// <summary>
/// Keeps a response alive while its writer has nothing to send: when to beat, and the turns that both take at writing. The first beat comes
/// after the configured grace, unless it is scheduled earlier.
/// </summary>
internal sealed class Heartbeats : IAsyncDisposable
{
    private readonly HttpContext _http;
    private readonly HeartbeatWheel _wheel;
    private readonly Func<ValueTask<TimeSpan>> _beat;

    // Held while bytes are written, by the writer or by a heartbeat.
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Starts the grace.</summary>
    /// <param name="grace">How long to wait for the first.</param>
    /// <param name="wheel">Tells when they are due.</param>
    /// <param name="beat">Writes a heartbeat if one is due, in a turn of its own; answers when to look again.</param>
    public Heartbeats(HttpContext http, TimeSpan grace, HeartbeatWheel wheel, Func<ValueTask<TimeSpan>> beat)
    {
        _http = http;
        _wheel = wheel;
        _beat = beat;
        Place = new LinkedListNode<Heartbeats>(this);
        wheel.Schedule(this, grace);
    }

    /// <summary>Whether there are to be no more; to be set in a turn.</summary>
    public bool IsOver { get; set; }

    /// <summary>Where they are in the wheel; for the wheel alone.</summary>
    internal LinkedListNode<Heartbeats> Place { get; }

    /// <summary>At which of the wheel's ticks they are due; for the wheel alone.</summary>
    internal long DueTick { get; set; }

    /// <summary>Waits for the writer's turn, which <see cref="EndTurn"/> ends.</summary>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    public Task BeginTurnAsync(CancellationToken cancellationToken) => _turn.WaitAsync(cancellationToken);

    /// <summary>Ends the writer's turn.</summary>
    public void EndTurn() => _turn.Release();

    /// <summary>Sets when to look for the next heartbeat; in a turn.</summary>
    public void Schedule(TimeSpan due) => _wheel.Schedule(this, due);

    /// <summary>Ends the heartbeats; when it completes, nothing more is written.</summary>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        IsOver = true;
        _wheel.Remove(this); // in a turn, in which nobody schedules them again
        _turn.Release();
    }

    /// <summary>Beats, if that is due; for the wheel alone.</summary>
    internal async Task BeatAsync()
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
