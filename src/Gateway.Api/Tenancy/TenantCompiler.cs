using Gateway.Api.Configuration;

namespace Gateway.Api.Tenancy;

/// <summary>Makes callers of validated settings: a tenant by itself, and by each of its keys.</summary>
internal static class TenantCompiler
{
    /// <summary>The tenant by itself, as it is without a key.</summary>
    public static Tenant Compile(string name, TenantOptions options, TenantAccount account)
    {
        var userId = options.UserId ?? "";
        var appId = options.AppId ?? "";
        var allowed = AllowedResources.From(options.Models, options.Workflows, userId, appId);
        var grant = new Grant(
            $"Tenant {name}",
            nameof(options.Rpcs),
            RpcPermissions.OfTenant(options.Rpcs, options.DeniedRpcs, hasLists: allowed is not null),
            allowed,
            DeniedResources.From(options.DeniedModels, options.DeniedWorkflows, userId, appId));
        return new Tenant
        {
            Name = name,
            UserId = userId,
            AppId = appId,
            Grants = [grant],
            IsConfined = options.Confined,
            Account = account.Of("", new RateOptions()),
            CredentialsId = account.CredentialsId,
        };
    }

    /// <summary>The tenant by each of its keys that has not ended.</summary>
    public static IEnumerable<(KeyHash Key, Tenant Tenant)> CompileKeys(
        Tenant tenant, TenantOptions options, TenantAccount account, DateTimeOffset now)
    {
        if (KeyHash.TryParse(options.KeySha256, out var only))
        {
            yield return (only, tenant.With("", only, tenant.Grants, tenant.Account!));
        }

        foreach (var (name, key) in options.Keys)
        {
            var grant = new Grant(
                $"Key {name} of tenant {tenant.Name}",
                nameof(key.Scopes),
                RpcPermissions.OfKey(key.Scopes, key.DeniedRpcs),
                AllowedResources.From(key.Models, key.Workflows, tenant.UserId, tenant.AppId),
                DeniedResources.From(key.DeniedModels, key.DeniedWorkflows, tenant.UserId, tenant.AppId));
            var keyAccount = account.Of(name, key.Limits);
            foreach (var hash in HashesOf(key, now))
            {
                yield return (hash, tenant.With(name, hash, [.. tenant.Grants, grant], keyAccount));
            }
        }
    }

    private static IEnumerable<KeyHash> HashesOf(KeyOptions key, DateTimeOffset now)
    {
        foreach (var (sha256, expires) in key.Replaced.Append(new ReplacedKey(key.KeySha256 ?? "", key.Expires)))
        {
            if (!(expires <= now) && KeyHash.TryParse(sha256, out var hash))
            {
                yield return hash;
            }
        }
    }
}
