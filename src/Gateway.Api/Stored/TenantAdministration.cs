using System.Text.Json.Nodes;
using Gateway.Api.Configuration;
using Gateway.Api.Tenancy;
using Gateway.Store;
using Gateway.Store.Definitions;

namespace Gateway.Api.Stored;

/// <summary>
/// What an operator does to the store's tenants, from wherever: checked by the configuration's rules, and written down with who did it.
/// Failures of the store are <see cref="StoreException"/>s.
/// </summary>
/// <param name="tenants">The store's tenants.</param>
/// <param name="configured">The names of the configuration's tenants, which stand before the store's.</param>
/// <param name="actor">Who does it.</param>
internal sealed class TenantAdministration(TenantStore tenants, IReadOnlyCollection<string> configured, string actor)
{
    /// <summary>Adds a tenant. One that is there with the same settings is as good as added.</summary>
    /// <param name="name">Its name, for good: usage and budgets go by it.</param>
    /// <param name="settings">Its settings.</param>
    public async Task<OperationResult<StoredTenant>> AddAsync(string name, JsonObject settings, CancellationToken cancellationToken)
    {
        if (DefinitionName.FaultOf("tenant", name) is { } misnamed)
        {
            return misnamed;
        }

        if (configured.Contains(name))
        {
            return new OperationFault(OperationFaultKind.NameTaken, $"{name} is a tenant of the configuration.");
        }

        if (Patched(SettingsPatch.None, settings, out var text) is { } fault)
        {
            return fault;
        }

        var added = await tenants.AddAsync(name, text, actor, cancellationToken);
        return added.IsDone
            ? new OperationResult<StoredTenant>(added.Value, null, IsNew: added.Outcome == StoreOutcome.Done)
            : new OperationFault(OperationFaultKind.NameTaken, $"There is a tenant {name} with other settings.");
    }

    /// <summary>A part of the tenants, in the order in which they were made.</summary>
    /// <param name="after">What the part before said comes next; null for the first.</param>
    /// <param name="count">How many at most.</param>
    public Task<OperationResult<StorePage<StoredTenant>>> ListAsync(string? after, int count, CancellationToken cancellationToken) =>
        StorePages.ReadAsync(() => tenants.ListAsync(after, count, cancellationToken));

    /// <summary>A tenant by its name.</summary>
    public async Task<OperationResult<StoredTenant>> GetAsync(string name, CancellationToken cancellationToken) =>
        DefinitionName.IsOne(name) && await tenants.GetAsync(name, cancellationToken) is { } tenant
            ? tenant
            : OperationFault.NoTenant(name);

    /// <summary>Changes settings of a tenant.</summary>
    /// <param name="name">Which.</param>
    /// <param name="version">The version that the change is meant for; null for whichever there is.</param>
    /// <param name="patch">What is to change, as <see cref="SettingsPatch"/> has it.</param>
    public async Task<OperationResult<StoredTenant>> ChangeAsync(
        string name, long? version, JsonObject patch, CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = await GetAsync(name, cancellationToken);
            if (found.Value is not { } tenant)
            {
                return found;
            }

            if (version is { } meant && meant != tenant.Version)
            {
                return OperationFault.Conflict($"Tenant {name}");
            }

            if (Patched(tenant.Settings, patch, out var text) is { } fault)
            {
                return fault;
            }

            var changed = await tenants.ChangeAsync(tenant.Id, tenant.Version, null, text, actor, cancellationToken);
            if (changed.IsDone)
            {
                return changed.Value!;
            }

            // Changed in between: the patch is for what it is now, unless it was said for what.
        }
    }

    /// <summary>Removes a tenant, with its keys and tokens. What it used stays known.</summary>
    /// <param name="name">Which.</param>
    /// <param name="version">The version that is meant; null for whichever there is.</param>
    public async Task<OperationResult<StoredTenant>> RemoveAsync(string name, long? version, CancellationToken cancellationToken)
    {
        var found = await GetAsync(name, cancellationToken);
        if (found.Value is not { } tenant)
        {
            return found;
        }

        var removed = await tenants.RemoveAsync(tenant.Id, version, actor, cancellationToken);
        return removed.Outcome switch
        {
            StoreOutcome.Done => removed.Value!,
            StoreOutcome.VersionConflict => OperationFault.Conflict($"Tenant {name}"),
            _ => OperationFault.NoTenant(name),
        };
    }

    private static OperationFault? Patched(string current, JsonObject patch, out string text) =>
        SettingsPatch.Apply<TenantSettings>(current, patch, TenantOptionsValidator.CheckSettings, out text);
}
