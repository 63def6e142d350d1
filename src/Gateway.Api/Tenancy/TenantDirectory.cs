using System.Collections.Concurrent;
using Gateway.Api.Configuration;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Tenancy;

/// <summary>
/// The tenants in force, and the calls that last. A change takes effect for the next request, and for streams that are open; so does the
/// end of a key. Thread-safe.
/// </summary>
internal sealed class TenantDirectory : IDisposable
{
    // What a timer can wait for.
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<LiveCall, bool> _live = new();
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly TenantAccounts _accounts;
    private readonly ITimer _keyEnds;
    private readonly bool _hasStore;
    private readonly bool _refusesWhenDown;
    private IReadOnlyDictionary<string, TenantOptions> _configured;
    private IReadOnlyDictionary<string, TenantOptions> _stored = new Dictionary<string, TenantOptions>();
    private volatile TenantSnapshot _current;

    /// <summary>Puts the configured tenants in force.</summary>
    public TenantDirectory(IOptions<GatewayOptions> options, TenantAccounts accounts, TimeProvider time)
    {
        _accounts = accounts;
        _time = time;
        _hasStore = options.Value.Store.IsInUse;
        _refusesWhenDown = options.Value.Store.WhenDown == StoreOptions.Refuse;
        _configured = options.Value.Tenants;
        _keyEnds = time.CreateTimer(_ => Put(null, null), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _current = Compile();
    }

    /// <summary>
    /// Whether the store does not answer at present: a key that is not known may be one of a tenant that nobody could tell of, and where
    /// the settings say so, what is known of the store does not count.
    /// </summary>
    public bool IsStoreDown
    {
        get;
        set
        {
            lock (_gate)
            {
                field = value;
            }

            Put(null, null);
        }
    }

    /// <summary>The tenants in force now. Take it once per request.</summary>
    public TenantSnapshot Current => _current;

    /// <summary>Whether the configuration has a tenant of a name: the store's of that name does not count then.</summary>
    public bool IsConfigured(string name)
    {
        lock (_gate)
        {
            return _configured.ContainsKey(name);
        }
    }

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

    /// <summary>Puts other tenants of the configuration in force.</summary>
    /// <param name="tenants">By name, validated.</param>
    public void Replace(IReadOnlyDictionary<string, TenantOptions> tenants) => Put(tenants, null);

    /// <summary>Puts other tenants of the store in force. One that the configuration has, too, is the configuration's.</summary>
    /// <param name="tenants">By name, validated.</param>
    public void ReplaceStored(IReadOnlyDictionary<string, TenantOptions> tenants) => Put(null, tenants);

    public void Dispose() => _keyEnds.Dispose();

    private void Put(IReadOnlyDictionary<string, TenantOptions>? configured, IReadOnlyDictionary<string, TenantOptions>? stored)
    {
        lock (_gate)
        {
            _configured = configured ?? _configured;
            _stored = stored ?? _stored;
            _current = Compile();
        }

        foreach (var (call, _) in _live)
        {
            call.Review();
        }
    }

    private TenantSnapshot Compile()
    {
        var tenants = IsStoreDown && _refusesWhenDown ? [] : new Dictionary<string, TenantOptions>(_stored);
        foreach (var (name, tenant) in _configured)
        {
            tenants[name] = tenant;
        }

        var now = _time.GetUtcNow();
        var next = tenants.Values.SelectMany(tenant => tenant.Keys.Values)
            .SelectMany(key => key.Replaced.Select(replaced => replaced.Expires).Append(key.Expires))
            .Where(expires => expires > now)
            .Min();
        _keyEnds.Change(
            next is { } end ? TimeSpan.FromTicks(long.Clamp((end - now).Ticks, Soon.Ticks, LongestWait.Ticks)) : Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        return TenantSnapshot.Compile(tenants, _accounts, now, _hasStore, IsStoreDown);
    }
}
