using System.Collections.Immutable;

namespace Gateway.Store.Definitions;

/// <summary>A tenant with what it has.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Keys">Its keys that worked when they were read. Each may expire since: see <see cref="StoredKey.WorksAt"/>.</param>
/// <param name="Pats">Its tokens, in the order in which they were made.</param>
public sealed record TenantDefinition(StoredTenant Tenant, ImmutableArray<StoredKey> Keys, ImmutableArray<StoredCredential> Pats);
