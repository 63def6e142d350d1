using System.Collections.Frozen;

namespace Gateway.Api.Tenancy;

/// <summary>The models and workflows a limited tenant may use.</summary>
internal sealed class AllowedResources
{
    private const string Versions = "versions";

    // Null for any version.
    private readonly FrozenDictionary<ResourceId, FrozenSet<string>?> _models;
    private readonly FrozenDictionary<ResourceId, FrozenSet<string>?> _workflows;

    private AllowedResources(
        FrozenDictionary<ResourceId, FrozenSet<string>?> models, FrozenDictionary<ResourceId, FrozenSet<string>?> workflows)
    {
        _models = models;
        _workflows = workflows;
    }

    /// <summary>
    /// Reads lists of <c>id</c> (in the tenant's own user and app) and <c>user/app/id</c>, either with <c>/versions/version</c> behind it
    /// for that version alone; null when there is neither list. An empty list allows nothing, and neither does one that is missing beside
    /// the other.
    /// </summary>
    public static AllowedResources? From(IEnumerable<string>? models, IEnumerable<string>? workflows, string userId, string appId) =>
        models is null && workflows is null
            ? null
            : new AllowedResources(Parse(models ?? [], userId, appId), Parse(workflows ?? [], userId, appId));

    /// <summary>True for an entry that <see cref="From"/> understands.</summary>
    public static bool IsWellFormed(string entry)
    {
        var parts = entry.Split('/');
        return !Array.Exists(parts, string.IsNullOrWhiteSpace) && parts is [_] or [_, _, _] or [_, _, _, Versions, _];
    }

    /// <summary>The models.</summary>
    public IEnumerable<ResourceId> Models => _models.Keys;

    /// <summary>Whether a resource may be used in any version.</summary>
    public bool Allows(OwnResource own, ResourceId id) => ListOf(own).ContainsKey(id);

    /// <summary>Whether the resource that a call is about may be used, in all versions that it names.</summary>
    /// <param name="own">What it is.</param>
    /// <param name="names">What the call names.</param>
    public bool Allows(OwnResource own, CallNames names) => ListOf(own).TryGetValue(names.Resource, out var versions)
        && (versions is null || (versions.Contains(names.Version) && !names.NamesOtherVersion));

    private FrozenDictionary<ResourceId, FrozenSet<string>?> ListOf(OwnResource own) => own == OwnResource.Model ? _models : _workflows;

    private static FrozenDictionary<ResourceId, FrozenSet<string>?> Parse(IEnumerable<string> entries, string userId, string appId) =>
        entries
            .Select(entry => Parse(entry.Split('/'), userId, appId))
            .GroupBy(entry => entry.Id, entry => entry.Version)
            .ToFrozenDictionary(entry => entry.Key, entry => entry.Contains(null) ? null : entry.OfType<string>().ToFrozenSet());

    private static (ResourceId Id, string? Version) Parse(string[] parts, string userId, string appId) => parts switch
    {
        [var id, Versions, var version] => (new ResourceId(userId, appId, id), version),
        [var user, var app, var id, Versions, var version] => (new ResourceId(user, app, id), version),
        [var user, var app, var id] => (new ResourceId(user, app, id), null),
        _ => (new ResourceId(userId, appId, parts[0]), null),
    };
}
