using System.Collections.Frozen;
using Gateway.Store.Definitions;

namespace Gateway.Api.Stored;

/// <summary>The keys of the store by the names that usage goes by. Thread-safe.</summary>
internal sealed class StoredKeys
{
    private volatile FrozenDictionary<(string Tenant, string Key), Guid> _keys = FrozenDictionary<(string Tenant, string Key), Guid>.Empty;

    /// <summary>Finds a key; null for none of the store's.</summary>
    public Guid? Find(string tenant, string key) => _keys.TryGetValue((tenant, key), out var id) ? id : null;

    /// <summary>Replaces all. Of keys of one name, the one that has replaced the others counts.</summary>
    public void Replace(StoredDefinitions definitions) =>
        _keys = definitions.Tenants
            .SelectMany(tenant => tenant.Keys.Where(key => key.ReplacedBy is null).Select(key => ((tenant.Tenant.Name, key.Name), key.Id)))
            .ToFrozenDictionary(key => key.Item1, key => key.Id);
}
