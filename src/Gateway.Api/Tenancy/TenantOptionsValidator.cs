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
            CheckPat(at, name, tenant.Pat, faults);

            if (string.IsNullOrWhiteSpace(name))
            {
                faults.Add($"{GatewayOptions.Section}:Tenants has a tenant without a name.");
            }

            CheckId($"{at}:UserId", tenant.UserId, faults);
            CheckId($"{at}:AppId", tenant.AppId, faults);
            CheckResources($"{at}:Models", tenant.Models ?? [], faults);
            CheckResources($"{at}:Workflows", tenant.Workflows ?? [], faults);
            CheckRpcs(at, tenant.Rpcs ?? [], faults);
            if (tenant.Confined && string.IsNullOrEmpty(tenant.UserId))
            {
                faults.Add($"{at}:Confined needs a UserId to be confined to.");
            }

            if (tenant.KeySha256 is not null)
            {
                CheckKey(at, name, tenant, keys, faults);
            }
            else if (tenant.Keyless is true)
            {
                CheckKeyless(at, name, ref keyless, faults);
            }
            else
            {
                faults.Add($"{at}:KeySha256 is missing; the one tenant that serves requests without a key says so by {at}:Keyless, true.");
            }
        }

        return faults;
    }

    private static void CheckPat(string at, string name, string? pat, List<string> faults)
    {
        var setting = name == ClarifaiEnvironment.TenantName ? $"{at}:Pat (or CLARIFAI_PAT)" : $"{at}:Pat";
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

    private static void CheckResources(string at, IList<string> entries, List<string> faults)
    {
        foreach (var (index, entry) in entries.Index())
        {
            if (!AllowedResources.IsWellFormed(entry))
            {
                faults.Add($"{at}:{index} is an id or user/app/id, which /versions/version may follow.");
            }
        }
    }

    // Where a name is wrong, which place has it: the name itself may be anything, a secret in the wrong place too.
    private static void CheckRpcs(string at, IList<string> rpcs, List<string> faults)
    {
        for (var place = 0; place < rpcs.Count; place++)
        {
            if (!RpcPermissions.IsKnown(rpcs[place]))
            {
                faults.Add(
                    $"{at}:Rpcs:{place} is neither predict, read, write nor account, and not the name of an RPC such as "
                        + "PostModelVersions.");
            }
        }
    }

    private static void CheckKeyless(string at, string name, ref string? keyless, List<string> faults)
    {
        if (keyless is not null)
        {
            faults.Add($"{at}:Keyless is true, and only one tenant may be without a key; {keyless} already is.");
        }

        keyless = name;
    }

    private static void CheckKey(string at, string name, TenantOptions tenant, Dictionary<KeyHash, string> keys, List<string> faults)
    {
        if (tenant.Keyless is true)
        {
            faults.Add($"{at} has a KeySha256 and is Keyless: leave out the one or the other.");
        }

        if (!KeyHash.TryParse(tenant.KeySha256, out var hash))
        {
            faults.Add($"{at}:KeySha256 is not a SHA-256 in 64 hex digits.");
        }
        else if (!keys.TryAdd(hash, name))
        {
            faults.Add($"{at}:KeySha256 is also the key of {keys[hash]}.");
        }
    }
}
