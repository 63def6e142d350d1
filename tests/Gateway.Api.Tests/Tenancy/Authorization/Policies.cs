using Clarifai.Api;

namespace Gateway.Api.Tests.Tenancy.Authorization;

/// <summary>The policies of the matrix: every scope, every list, at the tenant and at the key.</summary>
internal static class Policies
{
    /// <summary>The models, and workflows, that denials are about, of which one does not exist; and the ones that lists have.</summary>
    public const string Secret = "secret";
    public const string Missing = "missing";
    public const string Model = "m";
    public const string Workflow = "w";

    public const string DeniesModels = "denies";
    public const string KeyDenies = "key-denies";
    public const string Lists = "lists";
    public const string KeyLists = "key-lists";
    public const string Confined = "confined";
    public const string Reads = "key-read";

    private static readonly string[] Groups = ["predict", "read", "write", "account"];
    private static readonly PolicyRules Open = new(Groups);
    private static readonly PolicyRules Denials = new(DeniedModels: [Secret, Missing], DeniedWorkflows: [Secret, Missing]);
    private static readonly PolicyRules Listed = new(Models: [Model], Workflows: [Workflow]);

    /// <summary>Those of which every RPC is tried: what may be called.</summary>
    public static IReadOnlyList<Policy> OfRpcs { get; } =
    [
        // The tenant's own settings.
        new("unlimited", new PolicyRules()),
        new("open", Open),
        new("limited", Listed),
        new("predict", new PolicyRules(["predict"])),
        new("denied-groups", new PolicyRules(Groups, DeniedRpcs: ["write", "account"])),
        new("denied-names", new PolicyRules(Groups, DeniedRpcs: ["PostModelOutputs", "GetModel", "ListModels", "StreamModelOutputs"])),
        new(Confined, Open) { IsConfined = true },

        // A key's scopes, each within an open tenant.
        .. Groups.Append("all").Select(scope => new Policy($"key-{scope}", Open, new PolicyRules([scope]))),
        new("key-two", Open, new PolicyRules(["predict", "ListModels"])),
        new("key-without-scopes", Open, new PolicyRules()),
        new("key-denied-group", Open, new PolicyRules(["all"], DeniedRpcs: ["predict"])),
        new("key-denied-name", Open, new PolicyRules(["all"], DeniedRpcs: ["PostModelOutputs", "GetModel", "ListModels", "StreamModelOutputs"])),

        // Never more than the tenant.
        new("key-beyond", new PolicyRules(), new PolicyRules(["all"])),
        new("key-account-beyond", new PolicyRules(), new PolicyRules(["account"])),
        new("key-read-of-predict", new PolicyRules(["predict"]), new PolicyRules(["read"])),
        new("key-of-denied", new PolicyRules(Groups, DeniedRpcs: ["read"]), new PolicyRules(["all"])),
        new("key-of-limited", Listed, new PolicyRules(["all"])),
        new("key-listed", Open, new PolicyRules(["all"], Models: [Model], Workflows: [Workflow])),
    ];

    /// <summary>Those that smuggling is tried with: all may call whatever RPC there is, but not whatever it names.</summary>
    public static IReadOnlyList<Policy> OfNames { get; } =
    [
        new(DeniesModels, Denials with { Rpcs = Groups }),
        new(KeyDenies, Open, Denials),
        new(Lists, Listed with { Rpcs = Groups }),
        new(KeyLists, Open, Listed),
    ];

    /// <summary>All by name, with two keys for every RPC: one whose only scope it is, and one that has another's.</summary>
    public static IReadOnlyDictionary<string, Policy> All { get; } =
        OfRpcs.Concat(OfNames)
            .Concat(V2.Descriptor.Methods.Select(rpc => new Policy(Only(rpc.Name), Open, new PolicyRules([rpc.Name]))))
            .ToDictionary(policy => policy.Name);

    /// <summary>The name of the policy whose key has one RPC as its only scope.</summary>
    public static string Only(string rpc) => $"key-only-{rpc}";
}
