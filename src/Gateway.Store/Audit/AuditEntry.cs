namespace Gateway.Store.Audit;

/// <summary>Who did what.</summary>
/// <param name="Id">Counts changes; later ones have higher numbers.</param>
/// <param name="Actor">Who.</param>
/// <param name="Action">
/// What: tenant.add, tenant.change, tenant.remove, key.create, key.change, key.rotate, key.revoke, pat.add, pat.replace or pat.remove.
/// </param>
/// <param name="TenantId">Whose.</param>
/// <param name="TenantName">As it was called then.</param>
/// <param name="Target">The key's or token's name; null for the tenant itself.</param>
/// <param name="Changed">
/// Names of settings as <c>Limits:Concurrency</c>, and fingerprints of secrets as <c>key=0123456789ab</c>, the old before the new;
/// separated by spaces.
/// </param>
public sealed record AuditEntry(
    long Id, DateTimeOffset At, string Actor, string Action, Guid TenantId, string TenantName, string? Target, string Changed);
