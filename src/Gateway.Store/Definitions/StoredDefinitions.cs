using System.Collections.Immutable;

namespace Gateway.Store.Definitions;

/// <summary>All tenants of a store at one moment.</summary>
/// <param name="Revision">Another number than that of <see cref="Changes.StoreChanges"/> means that something has changed since.</param>
/// <param name="Tenants">In the order in which they were made.</param>
public sealed record StoredDefinitions(long Revision, ImmutableArray<TenantDefinition> Tenants);
