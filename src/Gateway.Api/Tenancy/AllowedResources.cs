using System.Collections.Frozen;

namespace Gateway.Api.Tenancy;

/// <summary>The models and workflows a limited tenant may use.</summary>
public sealed class AllowedResources
{
    private readonly FrozenSet<ResourceId> _models;
    private readonly FrozenSet<ResourceId> _workflows;

    private AllowedResources(FrozenSet<ResourceId> models, FrozenSet<ResourceId> workflows)
    {
        _models = models;
        _workflows = workflows;
    }

    /// <summary>
    /// Reads lists of <c>id</c> (in the tenant's own user and app) and <c>user/app/id</c>; null when there is neither list. An empty list allows
    /// nothing, and neither does one that is missing beside the other.
    /// </summary>
    public static AllowedResources? From(IEnumerable<string>? models, IEnumerable<string>? workflows, string userId, string appId) =>
        models is null && workflows is null ? null : new AllowedResources(Parse(models ?? [], userId, appId), Parse(workflows ?? [], userId, appId));

    /// <summary>True for an entry that <see cref="From"/> understands: an id, or user, app and id between slashes.</summary>
    public static bool IsWellFormed(string entry)
    {
        var parts = entry.Split('/');
        return parts.Length is 1 or 3 && Array.TrueForAll(parts, part => part.Length > 0);
    }

    /// <summary>Whether the model may be used.</summary>
    public bool AllowsModel(ResourceId id) => _models.Contains(id);

    /// <summary>Whether the workflow may be used.</summary>
    public bool AllowsWorkflow(ResourceId id) => _workflows.Contains(id);

    private static FrozenSet<ResourceId> Parse(IEnumerable<string> entries, string userId, string appId) =>
        entries
            .Select(entry => entry.Split('/'))
            .Select(parts => parts.Length == 3 ? new ResourceId(parts[0], parts[1], parts[2]) : new ResourceId(userId, appId, parts[0]))
            .ToFrozenSet();
}
