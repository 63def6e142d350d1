using System.Collections.Frozen;
using Gateway.Protos;

namespace Gateway.Api.Tenancy;

/// <summary>The RPCs that a tenant may call, by group and by name. Immutable.</summary>
internal sealed class RpcPermissions
{
    private readonly FrozenSet<RpcGroup> _groups;
    private readonly FrozenSet<string> _names;

    private RpcPermissions(IEnumerable<RpcGroup> groups, IEnumerable<string> names)
    {
        _groups = groups.ToFrozenSet();
        _names = names.ToFrozenSet();
    }

    /// <summary>What a tenant without lists may call, unless its settings say.</summary>
    public static RpcPermissions OfUnlimited { get; } = new([RpcGroup.Predict, RpcGroup.Read, RpcGroup.Write], []);

    /// <summary>What a tenant with lists may call, unless its settings say.</summary>
    public static RpcPermissions OfLimited { get; } = new([RpcGroup.Predict, RpcGroup.Read], []);

    /// <summary>
    /// Reads a setting: names of groups and of RPCs, as <see cref="IsKnown"/> knows them. What is not in it may not be called.
    /// </summary>
    public static RpcPermissions From(IEnumerable<string> entries)
    {
        var groups = new List<RpcGroup>();
        var names = new List<string>();
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

        return new RpcPermissions(groups, names);
    }

    /// <summary>Whether an entry names a group or an RPC of the API.</summary>
    public static bool IsKnown(string entry) =>
        RpcGroups.TryFind(entry, out _) || ApiDescriptors.Service.FindMethodByName(entry) is not null;

    /// <summary>Whether an RPC may be called.</summary>
    public bool Allow(RpcRule rpc) => _groups.Contains(rpc.Group) || Name(rpc);

    /// <summary>Whether an RPC may be called by its own name, not by its group's.</summary>
    public bool Name(RpcRule rpc) => _names.Contains(rpc.Name);
}
