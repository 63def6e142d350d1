using System.Collections.Frozen;

namespace Gateway.Api.Tenancy;

/// <summary>
/// The models and workflows that a tenant, or one of its keys, may not use. What a call names counts wherever it names it: beyond the one
/// resource that the RPC is about, a denied id is refused whoever owns it, since nobody knows whose the upstream takes it for.
/// </summary>
internal sealed class DeniedResources
{
    private readonly FrozenSet<ResourceId> _models;
    private readonly FrozenSet<ResourceId> _workflows;
    private readonly FrozenSet<string> _ids;

    private DeniedResources(FrozenSet<ResourceId> models, FrozenSet<ResourceId> workflows)
    {
        _models = models;
        _workflows = workflows;
        _ids = models.Concat(workflows).Select(resource => resource.Id).ToFrozenSet();
    }

    /// <summary>
    /// Reads lists of <c>id</c> (in the tenant's own user and app) and <c>user/app/id</c>; null when nothing is denied.
    /// </summary>
    public static DeniedResources? From(IEnumerable<string>? models, IEnumerable<string>? workflows, string userId, string appId)
    {
        var denied = new DeniedResources(Parse(models ?? [], userId, appId), Parse(workflows ?? [], userId, appId));
        return denied._ids.Count == 0 ? null : denied;
    }

    /// <summary>True for an entry that <see cref="From"/> understands.</summary>
    public static bool IsWellFormed(string entry)
    {
        var parts = entry.Split('/');
        return !Array.Exists(parts, string.IsNullOrWhiteSpace) && parts is [_] or [_, _, _];
    }

    /// <summary>Whether a call is to a denied resource, or names one.</summary>
    /// <param name="own">What the call is about.</param>
    /// <param name="names">What it names.</param>
    public bool Deny(OwnResource own, CallNames names) =>
        names.OtherIds.Any(_ids.Contains)
        || own switch
        {
            OwnResource.Model => Deny(_models, names.Resource),
            OwnResource.Workflow => Deny(_workflows, names.Resource),
            _ => false,
        };

    /// <summary>Whether a model may not be used.</summary>
    public bool DenyModel(ResourceId model) => Deny(_models, model);

    // Who owns it counts where the call says so in full.
    private static bool Deny(FrozenSet<ResourceId> denied, ResourceId resource) =>
        resource.UserId.Length > 0 && resource.AppId.Length > 0
            ? denied.Contains(resource) || denied.Any(entry => entry.Id == resource.Id && entry.UserId.Length == 0)
            : denied.Any(entry => entry.Id == resource.Id);

    private static FrozenSet<ResourceId> Parse(IEnumerable<string> entries, string userId, string appId) =>
        entries.Select(entry => entry.Split('/') is [var user, var app, var id]
            ? new ResourceId(user, app, id)
            : new ResourceId(userId, appId, entry)).ToFrozenSet();
}
