using System.Diagnostics.CodeAnalysis;
using Gateway.Api.Configuration;
using Gateway.Store;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Stored;

/// <summary>
/// The store that the settings name. Opened before the server listens, when it answers then; else as soon as it does. Thread-safe.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing; hosts also stop what they have disposed.")]
internal sealed partial class TenantStoreAccess(
    IOptions<GatewayOptions> options, StoreTelemetry telemetry, TimeProvider time, ILogger<TenantStoreAccess> logger)
    : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private Task<GatewayStore>? _opening;
    private bool _isDisposed;

    /// <summary>Whether there is a store at all.</summary>
    public bool IsInUse => options.Value.Store.IsInUse;

    /// <summary>The store, when it is open; else null.</summary>
    public GatewayStore? Store { get; private set; }

    /// <summary>Waits for the store.</summary>
    /// <exception cref="OperationCanceledException">The token fired, or the gateway stops.</exception>
    public Task<GatewayStore> OpenedAsync(CancellationToken cancellationToken) =>
        (_opening ?? throw new InvalidOperationException("There is no store.")).WaitAsync(cancellationToken);

    /// <exception cref="StoreException">It cannot be used, and waiting does not help.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!IsInUse)
        {
            return;
        }

        var connection = options.Value.Store.ToConnection(telemetry);
        try
        {
            Store = await GatewayStore.OpenAsync(connection, time, cancellationToken);
            _opening = Task.FromResult(Store);
        }
        catch (StoreException failure) when (failure.IsTransient)
        {
            LogWaiting(failure.Message);
            _opening = OpenLaterAsync(connection);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => _isDisposed ? Task.CompletedTask : _stopping.CancelAsync();

    // More than once: it is a service, and a hosted one.
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        await _stopping.CancelAsync();
        if (_opening is not null)
        {
            await ((Task)_opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await (Store?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private async Task<GatewayStore> OpenLaterAsync(StoreConnection connection)
    {
        while (true)
        {
            await Task.Delay(RetryDelay, time, _stopping.Token);
            try
            {
                return Store = await GatewayStore.OpenAsync(connection, time, _stopping.Token);
            }
            catch (StoreException failure)
            {
                LogStillWaiting(failure.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Reason} Until it answers, there are the configuration's tenants alone")]
    private partial void LogWaiting(string reason);

    [LoggerMessage(LogLevel.Debug, "{Reason} Trying again")]
    private partial void LogStillWaiting(string reason);
}
