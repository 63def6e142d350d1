using Gateway.Api.Configuration;
using Microsoft.Extensions.Primitives;

namespace Gateway.Api.Tenancy;

/// <summary>
/// The tenants in force. A change of the configuration takes effect for the next request; one that does not validate is
/// logged and the tenants stay as they were.
/// </summary>
public sealed partial class TenantDirectory : IDisposable
{
    private readonly IConfiguration _configuration;
    private readonly ILogger<TenantDirectory> _logger;
    private readonly IDisposable _subscription;
    private volatile TenantSnapshot _current;

    /// <summary>Reads the tenants, and again whenever the configuration changes.</summary>
    /// <exception cref="InvalidOperationException">The tenants configured at start do not validate.</exception>
    public TenantDirectory(IConfiguration configuration, ILogger<TenantDirectory> logger)
    {
        _configuration = configuration;
        _logger = logger;
        var tenants = Read();
        var faults = TenantOptionsValidator.Faults(tenants);
        if (faults.Count > 0)
        {
            throw new InvalidOperationException(string.Join(' ', faults));
        }

        _current = TenantSnapshot.Compile(tenants);
        _subscription = ChangeToken.OnChange(configuration.GetReloadToken, Reload);
    }

    /// <summary>The tenants in force now. Take it once per request.</summary>
    public TenantSnapshot Current => _current;

    /// <inheritdoc/>
    public void Dispose() => _subscription.Dispose();

    private Dictionary<string, TenantOptions> Read() =>
        _configuration.GetSection($"{GatewayOptions.Section}:Tenants").Get<Dictionary<string, TenantOptions>>() ?? [];

    private void Reload()
    {
        var tenants = Read();
        var faults = TenantOptionsValidator.Faults(tenants);

        // A file caught half-written may hold no tenant; passing gateway keys through to the upstream would leak them.
        if (tenants.Count == 0 && !_current.PassesKeysThrough)
        {
            faults = ["Going from tenants to none takes a restart."];
        }

        if (faults.Count > 0)
        {
            LogKept(string.Join(' ', faults));
            return;
        }

        _current = TenantSnapshot.Compile(tenants);
        LogReloaded(tenants.Count);
    }

    [LoggerMessage(LogLevel.Information, "Tenants reloaded: {Count}")]
    private partial void LogReloaded(int count);

    [LoggerMessage(LogLevel.Error, "The changed tenants cannot be used; those before stay in force. {Faults}")]
    private partial void LogKept(string faults);
}
