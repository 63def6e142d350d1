using Gateway.Api.Configuration;
using Gateway.Api.Tenancy;
using Gateway.Store.Definitions;

namespace Gateway.Api.Stored;

/// <summary>Makes options of a tenant of what the store keeps of it: the same as if they stood in the configuration.</summary>
internal static class StoredTenantOptions
{
    /// <summary>Reads a tenant.</summary>
    /// <param name="definition">The tenant with its keys and tokens.</param>
    /// <param name="ownPat">The token of a tenant that has none; null for none.</param>
    /// <param name="faults">Gets what is wrong, one sentence each; with any, the tenant cannot be used.</param>
    public static TenantOptions Read(TenantDefinition definition, string? ownPat, List<string> faults)
    {
        var options = new TenantOptions();
        faults.AddRange(StoredSettings.Read(definition.Tenant.Settings, options));
        TenantOptionsValidator.CheckSettings("Settings", options, faults);
        foreach (var named in definition.Keys.GroupBy(key => key.Name))
        {
            options.Keys[named.Key] = ReadKey([.. named.OrderBy(key => key.ReplacedBy is null)], faults);
        }

        foreach (var (pat, token) in definition.Pats)
        {
            if (token is null)
            {
                faults.Add($"The token {pat.Name} cannot be decrypted.");
                continue;
            }

            options.Pats[pat.Name] = new PatOptions { Pat = token.Reveal(), RequestsPerSecond = (int?)pat.RequestsPerSecond };
        }

        options.Pat = options.Pats.Count == 0 ? ownPat : null;
        return options;
    }

    // Of keys of one name, the one that has replaced the others comes last.
    private static KeyOptions ReadKey(StoredKey[] keys, List<string> faults)
    {
        var key = keys[^1];
        var options = new KeyOptions();
        faults.AddRange(StoredSettings.Read(key.Settings, options).Select(fault => $"Key {key.Name}: {fault}"));
        TenantOptionsValidator.CheckSettings($"Keys:{key.Name}", options, faults);
        options.KeySha256 = key.Sha256;
        options.Expires = key.Expires;
        options.Replaced = [.. keys[..^1].Select(replaced => new ReplacedKey(replaced.Sha256, replaced.Expires))];
        return options;
    }
}
