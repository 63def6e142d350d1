using System.Collections.Concurrent;
using Gateway.Api.Configuration;
using Microsoft.Extensions.Primitives;

namespace Gateway.Api.Tenancy;

/// <summary>
/// The tenants in force. A change of the configuration takes effect for the next request, and for streams that are open; one that does not
/// validate is logged and the tenants stay as they were.
/// </summary>
public sealed partial class TenantDirectory : IDisposable
{
    private readonly IConfiguration _configuration;
    private readonly ILogger<TenantDirectory> _logger;
    private readonly IDisposable _subscription;
    private readonly ConcurrentDictionary<LiveCall, bool> _live = new();
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

    private Dictionary<string, TenantOptions> Read()
    {
        var section = _configuration.GetSection($"{GatewayOptions.Section}:Tenants");
        var tenants = section.Get<Dictionary<string, TenantOptions>>() ?? [];
        foreach (var (name, tenant) in tenants)
        {
            // To the binder, an empty list and none are the same.
            tenant.Rpcs ??= section.GetSection($"{name}:{nameof(tenant.Rpcs)}").Value is null ? null : [];
        }

        return tenants;
    }

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
        foreach (var (call, _) in _live)
        {
            call.Review();
        }
    }

    [LoggerMessage(LogLevel.Information, "Tenants reloaded: {Count}")]
    private partial void LogReloaded(int count);

    [LoggerMessage(LogLevel.Error, "The changed tenants cannot be used; those before stay in force. {Faults}")]
    private partial void LogKept(string faults);
}
