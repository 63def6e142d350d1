namespace Gateway.Api.Tests.Tenancy.Authorization;

/// <summary>What a tenant, or a key, may do, as the settings have it; null for a setting that is not there.</summary>
internal sealed record PolicyRules(
    string[]? Rpcs = null,
    string[]? DeniedRpcs = null,
    string[]? Models = null,
    string[]? Workflows = null,
    string[]? DeniedModels = null,
    string[]? DeniedWorkflows = null)
{
    public bool HasLists => Models is not null || Workflows is not null;

    public bool HasDenials => DeniedModels is not null || DeniedWorkflows is not null;

    public IEnumerable<(string Key, string? Value)> Settings(string at, string rpcs) =>
        new[]
        {
            (rpcs, Rpcs), ("DeniedRpcs", DeniedRpcs), ("Models", Models), ("Workflows", Workflows), ("DeniedModels", DeniedModels), ("DeniedWorkflows", DeniedWorkflows),
        }.SelectMany(list => (list.Item2 ?? []).Select((entry, index) => ($"{at}{list.Item1}:{index}", (string?)entry)));

    public bool MayCall(string rpc, string[] otherwise)
    {
        var (group, own, _) = RpcGroupTable.Rows[rpc];
        var may = Rpcs ?? otherwise;
        return !Has(DeniedRpcs ?? [], rpc, group) && Has(may, rpc, group) && (!HasLists || own.Length > 0 || may.Contains(rpc));
    }

    /// <summary>What is wrong with what a message names; null when nothing is. Lists of the matrix hold ids of the tenant's own user and app.</summary>
    public string? FaultOf(Names names)
    {
        var (denied, allowed) = names.Own == "workflow" ? (DeniedWorkflows, Workflows) : (DeniedModels, Models);
        if (names.Own.Length > 0 && denied?.Contains(names.Resource) == true && names.MayBeOfTheTenant)
        {
            return $"is to {names.Resource}, which is denied";
        }

        if ((DeniedModels ?? []).Intersect(names.OtherModels).Concat((DeniedWorkflows ?? []).Intersect(names.OtherWorkflows)).FirstOrDefault() is { } other)
        {
            return $"names {other}, which is denied";
        }

        if (!HasLists || names.Own.Length == 0)
        {
            return null;
        }

        return allowed?.Contains(names.Resource) != true || names.User is not ("" or Policy.User) || names.App is not ("" or Policy.App)
            ? $"is to {names.User}/{names.App}/{names.Resource}, which is not listed"
            : names.OtherModels.Concat(names.OtherWorkflows).Concat(names.Runners).FirstOrDefault() is { } named
            ? $"names {named} besides"
            : null;
    }

    private static bool Has(string[] entries, string rpc, string group) => entries.Contains(rpc) || entries.Contains(group) || entries.Contains("all");
}
