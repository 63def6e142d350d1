using Gateway.Store;
using Gateway.Store.Audit;
using Gateway.Store.Definitions;

namespace Gateway.Api.Stored;

/// <summary>
/// All that an operator does with the store: what the admin API and the command line both are a form of. Thread-safe, but for the part that
/// <see cref="OnceAsync"/> hands out.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="definitions">Its definitions, maybe within a change that is on its way.</param>
/// <param name="configured">The names of the configuration's tenants.</param>
/// <param name="time">The clock of what ends.</param>
/// <param name="actor">Who does it, for the audit log.</param>
internal sealed class StoreAdministration(
    GatewayStore store, DefinitionStore definitions, IReadOnlyCollection<string> configured, TimeProvider time, string actor)
{
    private readonly TenantAdministration _tenants = new(definitions.Tenants, configured, actor);

    /// <summary>Administers a store.</summary>
    public StoreAdministration(GatewayStore store, IReadOnlyCollection<string> configured, TimeProvider time, string actor)
        : this(store, store.Definitions, configured, time, actor)
    {
    }

    /// <summary>The tenants.</summary>
    public TenantAdministration Tenants => _tenants;

    /// <summary>Their keys.</summary>
    public KeyAdministration Keys => new(_tenants, definitions.Keys, time, actor);

    /// <summary>Their tokens.</summary>
    public PatAdministration Pats => new(_tenants, definitions.Pats, actor);

    /// <summary>What was used.</summary>
    public UsageReport Usage => new(store.Usage, time);

    /// <summary>A part of the audit log, the latest first.</summary>
    /// <param name="tenant">The tenant that changes are of, by name, or by id where it is gone; null for all.</param>
    /// <param name="after">What the part before said comes next; null for the first.</param>
    /// <param name="count">How many at most.</param>
    public async Task<OperationResult<StorePage<AuditEntry>>> ListAuditAsync(
        string? tenant, string? after, int count, CancellationToken cancellationToken)
    {
        Guid? id = null;
        if (tenant is not null)
        {
            var found = await _tenants.GetAsync(tenant, cancellationToken);
            id = found.Value?.Id ?? (Guid.TryParse(tenant, out var gone) ? gone : null);
            if (id is null)
            {
                return found.Fault!;
            }
        }

        return await StorePages.ReadAsync(() => store.Audit.ListAsync(id, after, count, cancellationToken));
    }

    /// <summary>Does something that may be asked for again under the same key, which is then told the first answer, for a day.</summary>
    /// <param name="key">The client's key.</param>
    /// <param name="requestSha256">A hash of all that was asked, in hex.</param>
    /// <param name="operation">Does it; when it fails by an exception, nothing is done, and the key is as new.</param>
    public Task<IdempotentAnswer> OnceAsync(
        string key, string requestSha256, Func<StoreAdministration, Task<SecretText>> operation, CancellationToken cancellationToken) =>
        store.IdempotentChanges.RunAsync(
            key,
            requestSha256,
            within => operation(new StoreAdministration(store, within, configured, time, actor)),
            cancellationToken);
}
