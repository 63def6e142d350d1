using System.Collections.Frozen;
using Gateway.Protos;

namespace Gateway.Api.Tenancy;

/// <summary>The RPCs that a tenant, or one of its keys, may call, by group and by name. Immutable.</summary>
internal sealed class RpcPermissions
{
    /// <summary>What a key without scopes may call: all that its tenant may.</summary>
    public const string All = "all";

    // What a tenant without lists may call, and one with lists, unless their settings say.
    private static readonly string[] OfUnlimited = [.. Names(RpcGroup.Predict, RpcGroup.Read, RpcGroup.Write)];
    private static readonly string[] OfLimited = [.. Names(RpcGroup.Predict, RpcGroup.Read)];

    private readonly FrozenSet<RpcGroup> _groups;
    private readonly FrozenSet<string> _names;
    private readonly FrozenSet<RpcGroup> _deniedGroups;
    private readonly FrozenSet<string> _deniedNames;

    private RpcPermissions(IEnumerable<string> entries, IEnumerable<string>? denied)
    {
        (_groups, _names) = Read(entries);
        (_deniedGroups, _deniedNames) = Read(denied ?? []);
    }

    /// <summary>
    /// Reads the settings of a tenant: names of groups and of RPCs, as <see cref="IsKnown"/> knows them. What is not in them may not be
    /// called.
    /// </summary>
    /// <param name="entries">What may be called; null for the default.</param>
    /// <param name="denied">What may not, all the same; null for nothing.</param>
    /// <param name="hasLists">Whether the tenant has lists of models and workflows.</param>
    public static RpcPermissions OfTenant(IEnumerable<string>? entries, IEnumerable<string>? denied, bool hasLists) =>
        new(entries ?? (hasLists ? OfLimited : OfUnlimited), denied);

    /// <summary>Reads the settings of a key, which may have <see cref="All"/> as well.</summary>
    public static RpcPermissions OfKey(IEnumerable<string>? scopes, IEnumerable<string>? denied) =>
        new((scopes ?? [All]).SelectMany(scope => scope == All ? Names(Enum.GetValues<RpcGroup>()) : [scope]), denied);

    /// <summary>Whether an entry names a group or an RPC of the API.</summary>
    public static bool IsKnown(string entry) =>
        RpcGroups.TryFind(entry, out _) || ApiDescriptors.Service.FindMethodByName(entry) is not null;

    /// <summary>Whether an RPC may be called.</summary>
    public bool Allow(RpcRule rpc) => !Deny(rpc) && (_groups.Contains(rpc.Group) || Name(rpc));

    /// <summary>Whether an RPC may not be called, whatever else allows it.</summary>
    public bool Deny(RpcRule rpc) => _deniedGroups.Contains(rpc.Group) || _deniedNames.Contains(rpc.Name);

    /// <summary>Whether an RPC may be called by its own name, not by its group's.</summary>
    public bool Name(RpcRule rpc) => _names.Contains(rpc.Name);

    private static IEnumerable<string> Names(params RpcGroup[] groups) => groups.Select(RpcGroups.NameOf);

    private static (FrozenSet<RpcGroup> Groups, FrozenSet<string> Names) Read(IEnumerable<string> entries)
    {
        var groups = new HashSet<RpcGroup>();
        var names = new HashSet<string>();
        foreach (var entry in entries)
        {
            if (RpcGroups.TryFind(entry, out var group))
            {
                groups.Add(group);
            }
            else
            {
                names.Add(entry);
            }
        }

        return (groups.ToFrozenSet(), names.ToFrozenSet());
    }
}
