using Gateway.Api.Configuration;
using Microsoft.Extensions.Primitives;

namespace Gateway.Api.Tenancy;

/// <summary>
/// The tenants in force. A change of the configuration takes effect for the next request; one with a fault in any setting of
/// the gateway is logged and the tenants stay as they were.
/// </summary>
public sealed partial class TenantDirectory : IDisposable
{
    private readonly IConfiguration _configuration;
    private readonly ILogger<TenantDirectory> _logger;
    private readonly IDisposable _subscription;
    private volatile TenantSnapshot _current;

    /// <summary>Reads the tenants, and again whenever the configuration changes.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The settings at start cannot work.</exception>
    public TenantDirectory(IConfiguration configuration, ILogger<TenantDirectory> logger)
    {
        _configuration = configuration;
        _logger = logger;
        _current = TenantSnapshot.Compile(GatewaySettings.Read(configuration).Tenants);
        _subscription = ChangeToken.OnChange(configuration.GetReloadToken, Reload);
    }

    /// <summary>The tenants in force now. Take it once per request.</summary>
    public TenantSnapshot Current => _current;

    /// <inheritdoc/>
    public void Dispose() => _subscription.Dispose();

    private void Reload()
    {
        var faults = GatewaySettings.Faults(_configuration, out var options);

        // A file caught half-written may hold no tenant; passing gateway keys through to the upstream would leak them.
        if (faults.Count == 0 && options.Tenants.Count == 0 && !_current.PassesKeysThrough)
        {
            faults = ["Going from tenants to none takes a restart."];
        }

        if (faults.Count > 0)
        {
            LogKept(string.Join(' ', faults));
            return;
        }

        _current = TenantSnapshot.Compile(options.Tenants);
        LogReloaded(options.Tenants.Count);
    }

    [LoggerMessage(LogLevel.Information, "Tenants reloaded: {Count}")]
    private partial void LogReloaded(int count);

    [LoggerMessage(LogLevel.Error, "The changed settings cannot be used; the tenants before stay in force. {Faults}")]
    private partial void LogKept(string faults);
}
