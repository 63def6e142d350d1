using System.Collections.Concurrent;
using Gateway.Api.Hosting;
using Microsoft.Extensions.Primitives;

namespace Gateway.Api.Tenancy;

/// <summary>
/// The tenants in force. A change of the configuration takes effect for the next request, and for streams that are open; one with a fault in any
/// setting of the gateway is logged and the tenants stay as they were.
/// </summary>
internal sealed partial class TenantDirectory : IDisposable
{
    private readonly IConfiguration _configuration;
    private readonly ILogger<TenantDirectory> _logger;
    private readonly IDisposable _subscription;
    private readonly ConcurrentDictionary<LiveCall, bool> _live = new();
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

    /// <summary>Keeps an eye on a call that may last: it ends when its tenant may not make it any more.</summary>
    /// <param name="access">Who may make it.</param>
    /// <param name="tenant">Who makes it.</param>
    /// <param name="end">Ends it for another reason.</param>
    /// <returns>The call, to be disposed.</returns>
    public LiveCall Watch(RpcAccess access, Tenant tenant, CancellationToken end)
    {
        var call = new LiveCall(this, access, tenant, end);
        _live[call] = true;
        call.Review(); // tenants may have changed since the tenant was found
        return call;
    }

    /// <summary>Forgets a call.</summary>
    internal void Forget(LiveCall call) => _live.TryRemove(call, out _);

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
        foreach (var (call, _) in _live)
        {
            call.Review();
        }
    }

    [LoggerMessage(LogLevel.Information, "Tenants reloaded: {Count}")]
    private partial void LogReloaded(int count);

    [LoggerMessage(LogLevel.Error, "The changed settings cannot be used; the tenants before stay in force. {Faults}")]
    private partial void LogKept(string faults);
}
