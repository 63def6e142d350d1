using System.Collections.Frozen;

namespace Gateway.Api.Tenancy;

/// <summary>
/// The models and workflows that a tenant, or one of its keys, may not use. What a call names counts wherever it names it: beyond the one
/// resource that the RPC is about, a denied id is refused whoever owns it, since nobody knows whose the upstream takes it for.
/// </summary>
internal sealed class DeniedResources
{
    // To the upstream, the owner of the token: whoever that is.
    private const string Caller = "me";

    // By id.
    private readonly FrozenDictionary<string, ResourceId[]> _models;
    private readonly FrozenDictionary<string, ResourceId[]> _workflows;

    private DeniedResources(FrozenDictionary<string, ResourceId[]> models, FrozenDictionary<string, ResourceId[]> workflows)
    {
        _models = models;
        _workflows = workflows;
    }

    /// <summary>
    /// Reads lists of <c>id</c> (in the tenant's own user and app; where it has none, in any) and <c>user/app/id</c>; null when nothing is
    /// denied.
    /// </summary>
    public static DeniedResources? From(IEnumerable<string>? models, IEnumerable<string>? workflows, string userId, string appId)
    {
        var denied = new DeniedResources(Parse(models ?? [], userId, appId), Parse(workflows ?? [], userId, appId));
        return denied._models.Count + denied._workflows.Count == 0 ? null : denied;
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
    public bool Deny(OwnResource own, CallNames names)
    {
        foreach (var id in names.OtherIds)
        {
            if (_models.ContainsKey(id) || _workflows.ContainsKey(id))
            {
                return true;
            }
        }

        return own switch
        {
            OwnResource.Model => Deny(_models, names),
            OwnResource.Workflow => Deny(_workflows, names),
            _ => false,
        };
    }

    // Who owns it counts where the call says so in full, and says nothing else.
    private static bool Deny(FrozenDictionary<string, ResourceId[]> denied, CallNames names)
    {
        var (user, app, id) = names.Resource;
        if (!denied.TryGetValue(id, out var entries))
        {
            return false;
        }

        var isOwnerKnown = user.Length > 0 && app.Length > 0 && !names.NamesUsers && !names.NamesApps;
        foreach (var entry in entries)
        {
            if (!isOwnerKnown || ((user == Caller || MayBe(entry.UserId, user)) && MayBe(entry.AppId, app)))
            {
                return true;
            }
        }

        return false;
    }

    // An entry without a user or app is of any; one of the caller's own may be anyone's.
    private static bool MayBe(string denied, string named) => denied.Length == 0 || denied == named || denied == Caller;

    private static FrozenDictionary<string, ResourceId[]> Parse(IEnumerable<string> entries, string userId, string appId) =>
        entries
            .Select(entry => entry.Split('/') is [var user, var app, var id]
                ? new ResourceId(user, app, id)
                : new ResourceId(userId, appId, entry))
            .GroupBy(entry => entry.Id)
            .ToFrozenDictionary(entry => entry.Key, entry => entry.ToArray());
}
