using System.Collections.Concurrent;
using Gateway.Api.Configuration;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Tenancy;

/// <summary>
/// The tenants in force, and the calls that last. A change takes effect for the next request, and for streams that are open. Thread-safe.
/// </summary>
internal sealed class TenantDirectory(IOptions<GatewayOptions> options)
{
    private readonly ConcurrentDictionary<LiveCall, bool> _live = new();
    private volatile TenantSnapshot _current = TenantSnapshot.Compile(options.Value.Tenants);

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

    /// <summary>Puts other tenants in force.</summary>
    /// <param name="tenants">By name, validated.</param>
    public void Replace(IReadOnlyDictionary<string, TenantOptions> tenants)
    {
        _current = TenantSnapshot.Compile(tenants);
        foreach (var (call, _) in _live)
        {
            call.Review();
        }
    }
}
