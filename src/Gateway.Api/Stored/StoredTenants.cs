using Gateway.Api.Configuration;
using Gateway.Api.Tenancy;
using Gateway.Store;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Stored;

/// <summary>
/// Follows the store: its tenants are put in force before the server listens, and whenever they change. While the store does not answer,
/// what was known last counts, or nothing of it, as the settings say.
/// </summary>
internal sealed partial class StoredTenants(
    TenantStoreAccess access,
    TenantDirectory tenants,
    StoredKeys keys,
    IOptions<GatewayOptions> options,
    TimeProvider time,
    ILogger<StoredTenants> logger) : BackgroundService
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    // The sandbox takes any key: who tries the gateway on it needs no token.
    private readonly string? _ownPat = options.Value.Upstream.InEffect.Count == 0 ? "sandbox" : null;
    private readonly bool _refuses = options.Value.Store.WhenDown == StoreOptions.Refuse;
    private long _revision = -1;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!access.IsInUse)
        {
            return;
        }

        if (access.Store is { } store)
        {
            await LoadAsync(store, cancellationToken);
        }
        else
        {
            tenants.IsStoreDown = true;
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var store = await access.OpenedAsync(stoppingToken);
        await Task.WhenAll(FollowAsync(store, stoppingToken), WatchOutagesAsync(store, stoppingToken));
    }

    private async Task FollowAsync(GatewayStore store, CancellationToken stoppingToken)
    {
        await foreach (var _ in store.Changes.WatchAsync(_revision, stoppingToken))
        {
            // The next change, or the next look, tries again.
            while (!await TryLoadAsync(store, stoppingToken))
            {
                await Task.Delay(LookInterval, time, stoppingToken);
            }
        }
    }

    // What is known only from the store may have been revoked there meanwhile.
    private async Task WatchOutagesAsync(GatewayStore store, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var isDown = store.Changes.Failure is not null;
            if (isDown == tenants.IsStoreDown)
            {
                continue;
            }

            if (store.Changes.Failure is { } failure)
            {
                LogDown(failure.Message, _refuses ? "its tenants are refused" : "its tenants are served as they were");
            }
            else
            {
                LogBack();
            }

            tenants.IsStoreDown = isDown;
        }
    }

    private async Task<bool> TryLoadAsync(GatewayStore store, CancellationToken stoppingToken)
    {
        try
        {
            await LoadAsync(store, stoppingToken);
            return true;
        }
        catch (StoreException failure)
        {
            LogNotLoaded(failure.Message);
            return false;
        }
    }

    private async Task LoadAsync(GatewayStore store, CancellationToken cancellationToken)
    {
        var definitions = await store.Definitions.LoadAsync(cancellationToken);
        var loaded = new Dictionary<string, TenantOptions>();
        foreach (var definition in definitions.Tenants)
        {
            if (tenants.IsConfigured(definition.Tenant.Name))
            {
                LogShadowed(definition.Tenant.Name);
            }

            var faults = new List<string>();
            var tenant = StoredTenantOptions.Read(definition, _ownPat, faults);
            if (faults.Count == 0)
            {
                loaded.Add(definition.Tenant.Name, tenant);
            }
            else
            {
                LogUnusable(definition.Tenant.Name, string.Join(' ', faults));
            }
        }

        var isFirst = _revision < 0;
        _revision = definitions.Revision;
        keys.Replace(definitions);
        tenants.ReplaceStored(loaded);
        if (isFirst && loaded.Count == 0)
        {
            LogEmpty();
        }
        else
        {
            LogLoaded(loaded.Count);
        }
    }

    [LoggerMessage(LogLevel.Information, "Tenants of the store: {Count}")]
    private partial void LogLoaded(int count);

    [LoggerMessage(LogLevel.Information,
        "The store has no tenant yet. To make one, with a key: gateway tenant add NAME, gateway key create NAME, and, but for the sandbox, "
            + "gateway pat set NAME")]
    private partial void LogEmpty();

    [LoggerMessage(LogLevel.Error, "The store's tenant {Tenant} cannot be used, and is left out. {Faults}")]
    private partial void LogUnusable(string tenant, string faults);

    [LoggerMessage(LogLevel.Warning,
        "Tenant {Tenant} is in the configuration and in the store: the configuration's counts, and what the store has of it does not")]
    private partial void LogShadowed(string tenant);

    [LoggerMessage(LogLevel.Error, "The changed tenants of the store could not be read; those before stay in force. {Reason}")]
    private partial void LogNotLoaded(string reason);

    [LoggerMessage(LogLevel.Warning, "{Reason} Until it answers, {What}")]
    private partial void LogDown(string reason, string what);

    [LoggerMessage(LogLevel.Information, "The store answers again")]
    private partial void LogBack();
}
