using Gateway.Api.Configuration;

namespace Gateway.Api.Tenancy;

/// <summary>Says what is wrong with configured tenants, by name and setting, never by value.</summary>
internal static class TenantOptionsValidator
{
    /// <summary>The faults, one sentence each; empty when the tenants can be used.</summary>
    public static IReadOnlyList<string> Faults(IReadOnlyDictionary<string, TenantOptions> tenants)
    {
        var faults = new List<string>();
        var keys = new Dictionary<KeyHash, string>();
        string? keyless = null;
        foreach (var (name, tenant) in tenants)
        {
            var at = $"{GatewayOptions.Section}:Tenants:{name}";
            if (string.IsNullOrWhiteSpace(name))
            {
                faults.Add($"{GatewayOptions.Section}:Tenants has a tenant without a name.");
            }

            CheckPats(at, name, tenant, faults);
            CheckSettings(at, tenant, faults);
            CheckKeys(at, name, tenant, keys, faults);
            if (tenant.Keyless is true)
            {
                CheckKeyless(at, name, tenant, ref keyless, faults);
            }
            else if (tenant is { KeySha256: null, Keys.Count: 0 })
            {
                faults.Add($"{at}:KeySha256 is missing; the one tenant that serves requests without a key says so by {at}:Keyless, true.");
            }
        }

        return faults;
    }

    /// <summary>
    /// What is wrong with the settings of one tenant, whatever keys and tokens it has: those that a tenant of the store has as well.
    /// </summary>
    /// <param name="at">Where the settings are, for the faults.</param>
    /// <param name="tenant">The settings.</param>
    /// <param name="faults">Gets the faults.</param>
    public static void CheckSettings(string at, TenantSettings tenant, List<string> faults)
    {
        CheckId($"{at}:UserId", tenant.UserId, faults);
        CheckId($"{at}:AppId", tenant.AppId, faults);
        CheckLists(at, tenant.Models, tenant.Workflows, tenant.DeniedModels, tenant.DeniedWorkflows, faults);
        CheckRpcs($"{at}:Rpcs", tenant.Rpcs, faults);
        CheckRpcs($"{at}:DeniedRpcs", tenant.DeniedRpcs, faults);
        if (tenant.Confined && string.IsNullOrEmpty(tenant.UserId))
        {
            faults.Add($"{at}:Confined needs a UserId to be confined to.");
        }
    }

    /// <summary>What is wrong with the settings of one key, but for its hash.</summary>
    /// <param name="at">Where the settings are, for the faults.</param>
    /// <param name="key">The settings.</param>
    /// <param name="faults">Gets the faults.</param>
    public static void CheckSettings(string at, KeySettings key, List<string> faults)
    {
        CheckLists(at, key.Models, key.Workflows, key.DeniedModels, key.DeniedWorkflows, faults);
        CheckRpcs($"{at}:DeniedRpcs", key.DeniedRpcs, faults);
        foreach (var (place, scope) in (key.Scopes ?? []).Index())
        {
            if (scope != RpcPermissions.All && !RpcPermissions.IsKnown(scope))
            {
                faults.Add(
                    $"{at}:Scopes:{place} is neither predict, read, write, account nor all, and not the name of an RPC such as "
                        + "PostModelVersions.");
            }
        }
    }

    private static void CheckLists(
        string at,
        IList<string>? models,
        IList<string>? workflows,
        IList<string>? deniedModels,
        IList<string>? deniedWorkflows,
        List<string> faults)
    {
        CheckResources($"{at}:Models", models, faults);
        CheckResources($"{at}:Workflows", workflows, faults);
        CheckDenied($"{at}:DeniedModels", deniedModels, faults);
        CheckDenied($"{at}:DeniedWorkflows", deniedWorkflows, faults);
    }

    private static void CheckPats(string at, string name, TenantOptions tenant, List<string> faults)
    {
        if (tenant.Pat is not null || tenant.Pats.Count == 0)
        {
            CheckPat(name == ClarifaiEnvironment.TenantName ? $"{at}:Pat (or CLARIFAI_PAT)" : $"{at}:Pat", tenant.Pat, faults);
        }

        foreach (var (pat, options) in tenant.Pats)
        {
            CheckPat($"{at}:Pats:{pat}:Pat", options.Pat, faults);
        }
    }

    private static void CheckPat(string setting, string? pat, List<string> faults)
    {
        if (string.IsNullOrEmpty(pat))
        {
            faults.Add($"{setting} is missing.");
        }
        else if (!TokenText.CanTravel(pat))
        {
            faults.Add($"{setting} is a token of letters, digits and signs of ASCII, without spaces and line breaks in it.");
        }
    }

    // Empty is none; what is blank would confine to nothing.
    private static void CheckId(string at, string? id, List<string> faults)
    {
        if (id is { Length: > 0 } && string.IsNullOrWhiteSpace(id))
        {
            faults.Add($"{at} is blank.");
        }
    }

    private static void CheckResources(string at, IList<string>? entries, List<string> faults)
    {
        foreach (var (index, entry) in (entries ?? []).Index())
        {
            if (!AllowedResources.IsWellFormed(entry))
            {
                faults.Add($"{at}:{index} is an id or user/app/id, which /versions/version may follow.");
            }
        }
    }

    private static void CheckDenied(string at, IList<string>? entries, List<string> faults)
    {
        foreach (var (index, entry) in (entries ?? []).Index())
        {
            if (!DeniedResources.IsWellFormed(entry))
            {
                faults.Add($"{at}:{index} is an id or user/app/id.");
            }
        }
    }

    // Where a name is wrong, which place has it: the name itself may be anything, a secret in the wrong place too.
    private static void CheckRpcs(string at, IList<string>? rpcs, List<string> faults)
    {
        foreach (var (place, rpc) in (rpcs ?? []).Index())
        {
            if (!RpcPermissions.IsKnown(rpc))
            {
                faults.Add(
                    $"{at}:{place} is neither predict, read, write nor account, and not the name of an RPC such as PostModelVersions.");
            }
        }
    }

    private static void CheckKeyless(string at, string name, TenantOptions tenant, ref string? keyless, List<string> faults)
    {
        if (keyless is not null)
        {
            faults.Add($"{at}:Keyless is true, and only one tenant may be without a key; {keyless} already is.");
        }

        if (tenant.KeySha256 is not null || tenant.Keys.Count > 0)
        {
            faults.Add($"{at} has a {(tenant.KeySha256 is null ? "key" : "KeySha256")} and is Keyless: leave out the one or the other.");
        }

        keyless = name;
    }

    private static void CheckKeys(string at, string name, TenantOptions tenant, Dictionary<KeyHash, string> keys, List<string> faults)
    {
        if (tenant.KeySha256 is { } only)
        {
            CheckKey($"{at}:KeySha256", name, only, keys, faults);
        }

        foreach (var (keyName, key) in tenant.Keys)
        {
            if (string.IsNullOrWhiteSpace(keyName))
            {
                faults.Add($"{at}:Keys has a key without a name.");
            }

            CheckKey($"{at}:Keys:{keyName}:KeySha256", name, key.KeySha256 ?? "", keys, faults);
            CheckSettings($"{at}:Keys:{keyName}", key, faults);
        }
    }

    private static void CheckKey(string setting, string tenant, string hex, Dictionary<KeyHash, string> keys, List<string> faults)
    {
        if (!KeyHash.TryParse(hex, out var hash))
        {
            faults.Add($"{setting} is not a SHA-256 in 64 hex digits.");
        }
        else if (!keys.TryAdd(hash, tenant))
        {
            faults.Add($"{setting} is also the key of {keys[hash]}.");
        }
    }
}
