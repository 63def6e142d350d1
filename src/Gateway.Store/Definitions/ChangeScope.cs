using Gateway.Store.Model;

namespace Gateway.Store.Definitions;

/// <summary>A change on its way: its transaction, its moment, and what it leaves in the audit log.</summary>
/// <param name="Context">In a transaction that no other change is in at the same time.</param>
/// <param name="Now">Unix milliseconds.</param>
internal sealed record ChangeScope(StoreContext Context, long Now)
{
    /// <summary>Writes down who did what.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="action">What, as <c>key.rotate</c>.</param>
    /// <param name="tenant">Whose.</param>
    /// <param name="target">The key's or token's name; null for the tenant itself.</param>
    /// <param name="changed">Names of settings, fingerprints of secrets.</param>
    public void Record(string actor, string action, TenantRow tenant, string? target, params IEnumerable<string> changed) =>
        Context.Audit.Add(new AuditRow
        {
            At = Now,
            Actor = StoreText.Clean(actor),
            Action = action,
            TenantId = tenant.Id,
            TenantName = tenant.Name,
            Target = target,
            Changed = string.Join(' ', changed),
        });
}
