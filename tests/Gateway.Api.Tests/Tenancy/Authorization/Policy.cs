using Google.Protobuf;

namespace Gateway.Api.Tests.Tenancy.Authorization;

/// <summary>
/// A tenant of the matrix with the key that it calls with: its settings, and what docs/rpc-groups.md says that these mean. It is stated
/// here by itself, over messages as Google.Protobuf reads them: nothing of the gateway's own code decides.
/// </summary>
/// <param name="Name">The tenant's name, and the key.</param>
/// <param name="Tenant">What the tenant may do.</param>
/// <param name="Key">What the key may do of it; null where the key is the tenant's only one.</param>
internal sealed record Policy(string Name, PolicyRules Tenant, PolicyRules? Key = null)
{
    /// <summary>The tenant's own user and app, which all policies have.</summary>
    public const string User = "u";
    public const string App = "a";

    /// <summary>What every token's owner may call itself.</summary>
    public const string Me = "me";

    /// <summary>Whether the tenant is confined to its user and app.</summary>
    public bool IsConfined { get; init; }

    /// <summary>Whether what its calls name matters.</summary>
    public bool IsRestricted => IsConfined || All.Any(rules => rules.HasLists || rules.HasDenials);

    private IEnumerable<PolicyRules> All => Key is null ? [Tenant] : [Tenant, Key];

    /// <summary>The settings that make it.</summary>
    public IEnumerable<(string Key, string? Value)> Settings()
    {
        var at = $"Gateway:Tenants:{Name}:";
        IEnumerable<(string, string?)> settings = [(at + "Pat", "p"), (at + "UserId", User), (at + "AppId", App), (at + "Confined", IsConfined ? "true" : "false")];
        return Key is null
            ? [.. settings, (at + "KeySha256", ChangingTenant.Hash(Name)), .. Tenant.Settings(at, "Rpcs")]
            : [.. settings, (at + "Keys:k:KeySha256", ChangingTenant.Hash(Name)), .. Tenant.Settings(at, "Rpcs"), .. Key.Settings(at + "Keys:k:", "Scopes")];
    }

    /// <summary>Whether an RPC may be called at all.</summary>
    public bool MayCall(string rpc) =>
        Tenant.MayCall(rpc, Tenant.HasLists ? ["predict", "read"] : ["predict", "read", "write"])
        && Key?.MayCall(rpc, ["all"]) != false
        && !(IsConfined && RpcGroupTable.Rows[rpc].Owner == "user");

    /// <summary>What is wrong with the messages of a call that reached the upstream; null when nothing is.</summary>
    public string? FaultOf(string rpc, IReadOnlyList<IMessage> messages)
    {
        if (!MayCall(rpc))
        {
            return $"{rpc} may not be called";
        }

        var resource = "";
        foreach (var message in messages)
        {
            // What a later message of a stream leaves out is what an earlier one had.
            var names = Names.In(message, RpcGroupTable.Rows[rpc].Own, resource);
            resource = names.Resource;
            if (All.Select(rules => rules.FaultOf(names)).FirstOrDefault(fault => fault is not null) is { } fault)
            {
                return fault;
            }

            if (IsConfined && names.Users.Except([User]).Concat(names.Apps.Except([App])).FirstOrDefault() is { } stranger)
            {
                return $"names {stranger}";
            }

            if (IsRestricted && names.HasUnknownFields)
            {
                return "has fields that nobody knows";
            }
        }

        return null;
    }
}
