using Gateway.Api.Configuration;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Lifetime;

/// <summary>
/// The stages of stopping. First the gateway is not ready any more but still serves; then it takes no new connections and
/// open requests finish; then what still streams is told to end, and the process exits.
/// </summary>
internal sealed class Drain(IOptions<GatewayOptions> options, TimeProvider time) : IHostedLifecycleService, IDisposable
{
    // For streams to write their last record after their time is over: a thousand of them took more than a second on a busy machine. With
    // what the process needs to end, less than four.
    private static readonly TimeSpan LastRecords = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationTokenSource _expired = new();
    private ITimer? _timer;

    /// <summary>Whether the gateway is stopping.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Fires when the gateway takes no new connections any more, and open requests are to finish.</summary>
    public CancellationToken Closing => _closing.Token;

    /// <summary>Fires when the time of open streams is over.</summary>
    public CancellationToken Expired => _expired.Token;

    /// <summary>How long the host has to wait for all stages.</summary>
    public static TimeSpan Total(ShutdownOptions options) => options.Delay + options.Timeout + LastRecords;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (HasBegun)
        {
            return; // who stops a host may stop it again, or dispose it
        }

        HasBegun = true;
        var shutdown = options.Value.Shutdown;
        _timer = time.CreateTimer(
            source => ((CancellationTokenSource)source!).Cancel(), _expired, shutdown.Delay + shutdown.Timeout, Timeout.InfiniteTimeSpan);
        if (shutdown.Delay > TimeSpan.Zero)
        {
            await Task.Delay(shutdown.Delay, time, cancellationToken);
        }

        await _closing.CancelAsync();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _timer?.Dispose();
        _closing.Dispose();
        _expired.Dispose();
    }
}
