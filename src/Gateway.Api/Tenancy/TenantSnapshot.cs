using System.Collections.Frozen;
using Gateway.Api.Configuration;
using Gateway.Core.Upstream;

namespace Gateway.Api.Tenancy;

/// <summary>The tenants of one state of the configuration, found by key. Immutable.</summary>
internal sealed class TenantSnapshot
{
    private readonly FrozenDictionary<KeyHash, Tenant> _byKey;

    private TenantSnapshot(FrozenDictionary<KeyHash, Tenant> byKey, Tenant? defaultTenant)
    {
        _byKey = byKey;
        Default = defaultTenant;
    }

    /// <summary>The tenant of requests that bring no key; null when there is none.</summary>
    public Tenant? Default { get; }

    /// <summary>No tenant is configured: each client's own key goes upstream.</summary>
    public bool PassesKeysThrough => Default is null && _byKey.Count == 0;

    /// <summary>The tenant whose gateway key this is; null when nobody's.</summary>
    public Tenant? Find(ReadOnlySpan<char> key) => _byKey.GetValueOrDefault(KeyHash.Of(key));

    /// <summary>The tenant of a name; null when there is none.</summary>
    public Tenant? Named(string name) => Default?.Name == name ? Default : _byKey.Values.FirstOrDefault(tenant => tenant.Name == name);

    /// <summary>A tenant of another state as it is in this one; null when it is gone, or has another key.</summary>
    public Tenant? Renew(Tenant tenant)
    {
        if (tenant.Rpcs is null)
        {
            return PassesKeysThrough || tenant.Pat is null ? tenant : null;
        }

        var now = tenant.Key is { } key ? _byKey.GetValueOrDefault(key) : Default;
        return now?.Name == tenant.Name ? now : null;
    }

    /// <summary>Compiles validated options.</summary>
    /// <param name="options">Tenants by name, as <see cref="TenantOptionsValidator"/> accepts them.</param>
    public static TenantSnapshot Compile(IReadOnlyDictionary<string, TenantOptions> options)
    {
        var byKey = new Dictionary<KeyHash, Tenant>();
        Tenant? defaultTenant = null;
        foreach (var (name, tenant) in options)
        {
            if (tenant.Keyless is true)
            {
                defaultTenant = Compile(name, tenant, key: null);
            }
            else if (KeyHash.TryParse(tenant.KeySha256, out var hash))
            {
                byKey.Add(hash, Compile(name, tenant, hash));
            }
        }

        return new TenantSnapshot(byKey.ToFrozenDictionary(), defaultTenant);
    }

    private static Tenant Compile(string name, TenantOptions options, KeyHash? key)
    {
        var userId = options.UserId ?? "";
        var appId = options.AppId ?? "";
        var allowed = AllowedResources.From(options.Models, options.Workflows, userId, appId);
        return new Tenant
        {
            Name = name,
            Key = key,
            Pat = new Pat(options.Pat!),
            UserId = userId,
            AppId = appId,
            Allowed = allowed,
            Rpcs = options.Rpcs is { } rpcs
                ? RpcPermissions.From(rpcs)
                : allowed is null
                ? RpcPermissions.OfUnlimited
                : RpcPermissions.OfLimited,
            IsConfined = options.Confined,
        };
    }
}
