using System.Collections.Frozen;
using Gateway.Api.Configuration;

namespace Gateway.Api.Tenancy;

/// <summary>The tenants of one state of the settings, found by key. Immutable.</summary>
internal sealed class TenantSnapshot
{
    private readonly FrozenDictionary<KeyHash, Tenant> _byKey;
    private readonly FrozenDictionary<string, Tenant> _byName;

    private TenantSnapshot(
        FrozenDictionary<KeyHash, Tenant> byKey,
        FrozenDictionary<string, Tenant> byName,
        Tenant? defaultTenant,
        bool passesKeysThrough,
        bool isIncomplete)
    {
        IsIncomplete = isIncomplete;
        _byKey = byKey;
        _byName = byName;
        Default = defaultTenant;
        PassesKeysThrough = passesKeysThrough;
    }

    /// <summary>The tenant of requests that bring no key; null when there is none.</summary>
    public Tenant? Default { get; }

    /// <summary>There are no tenants, and there is no place for some: each client's own key goes upstream.</summary>
    public bool PassesKeysThrough { get; }

    /// <summary>Whether there may be tenants that nobody can tell of at present.</summary>
    public bool IsIncomplete { get; }

    /// <summary>The tenant whose gateway key this is; null when nobody's.</summary>
    public Tenant? Find(ReadOnlySpan<char> key) => _byKey.GetValueOrDefault(KeyHash.Of(key));

    /// <summary>The tenant of a name, whatever its keys may; null when there is none.</summary>
    public Tenant? Named(string name) => _byName.GetValueOrDefault(name);

    /// <summary>A tenant of another state as it is in this one; null when it is gone, or the key is.</summary>
    public Tenant? Renew(Tenant tenant)
    {
        if (tenant.IsPassThrough)
        {
            return PassesKeysThrough || tenant.Pat is null ? tenant : null;
        }

        var now = tenant.Key is { } key ? _byKey.GetValueOrDefault(key) : Default;
        return now?.Name == tenant.Name ? now : null;
    }

    /// <summary>Compiles validated options.</summary>
    /// <param name="options">Tenants by name, as <see cref="TenantOptionsValidator"/> accepts them.</param>
    /// <param name="accounts">What they have that lasts.</param>
    /// <param name="now">The time, by which some keys have ended.</param>
    /// <param name="hasStore">Whether tenants may come from elsewhere: without any, nobody is let through then.</param>
    /// <param name="isStoreDown">Whether what comes from elsewhere may be missing.</param>
    public static TenantSnapshot Compile(
        IReadOnlyDictionary<string, TenantOptions> options,
        TenantAccounts accounts,
        DateTimeOffset now,
        bool hasStore = false,
        bool isStoreDown = false)
    {
        var byKey = new Dictionary<KeyHash, Tenant>();
        var byName = new Dictionary<string, Tenant>();
        Tenant? defaultTenant = null;
        foreach (var (name, tenant) in options)
        {
            var account = accounts.Configure(name, tenant);
            var caller = TenantCompiler.Compile(name, tenant, account);
            byName.Add(name, caller);
            if (tenant.Keyless is true)
            {
                defaultTenant = caller;
            }

            foreach (var (key, keyed) in TenantCompiler.CompileKeys(caller, tenant, account, now))
            {
                byKey[key] = keyed;
            }
        }

        accounts.Retain(options.Keys.ToHashSet());
        return new TenantSnapshot(
            byKey.ToFrozenDictionary(),
            byName.ToFrozenDictionary(),
            defaultTenant,
            passesKeysThrough: options.Count == 0 && !hasStore,
            isIncomplete: isStoreDown);
    }
}
