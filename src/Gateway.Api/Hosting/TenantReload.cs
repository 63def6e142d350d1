using Gateway.Api.Tenancy;
using Microsoft.Extensions.Primitives;

namespace Gateway.Api.Hosting;

/// <summary>
/// Follows the configuration: its tenants are put in force whenever it changes. A change with a fault in any setting of the gateway is
/// logged, and the tenants stay as they were.
/// </summary>
internal sealed partial class TenantReload(
    IConfiguration configuration, TenantDirectory tenants, ILogger<TenantReload> logger) : IHostedService, IDisposable
{
    private IDisposable? _subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = ChangeToken.OnChange(configuration.GetReloadToken, Reload);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _subscription?.Dispose();

    private void Reload()
    {
        var faults = GatewaySettings.Faults(configuration, out var options);

        // A file caught half-written may hold no tenant; passing gateway keys through to the upstream would leak them.
        if (faults.Count == 0 && options.Tenants.Count == 0 && !tenants.Current.PassesKeysThrough)
        {
            faults = ["Going from tenants to none takes a restart."];
        }

        if (faults.Count > 0)
        {
            LogKept(string.Join(' ', faults));
            return;
        }

        tenants.Replace(options.Tenants);
        LogReloaded(options.Tenants.Count);
    }

    [LoggerMessage(LogLevel.Information, "Tenants reloaded: {Count}")]
    private partial void LogReloaded(int count);

    [LoggerMessage(LogLevel.Error, "The changed settings cannot be used; the tenants before stay in force. {Faults}")]
    private partial void LogKept(string faults);
}
