using Gateway.Store.Model;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Store.Definitions;

/// <summary>
/// The tenants of a store. Every change names its actor, and is in the audit log with that or is not made. Failures of the store are
/// <see cref="StoreException"/>s. Thread-safe.
/// </summary>
public sealed class TenantStore
{
    private readonly ChangeRunner _changes;

    internal TenantStore(ChangeRunner changes) => _changes = changes;

    /// <summary>Adds a tenant. One that is there with the very same settings is as good as added.</summary>
    /// <param name="name">A name that no other tenant has.</param>
    /// <param name="settings">One JSON object, without secrets.</param>
    /// <param name="actor">Who does it.</param>
    /// <returns>Done, Unchanged or NameTaken; with the tenant of that name.</returns>
    public Task<StoreResult<StoredTenant>> AddAsync(string name, string settings, string actor, CancellationToken cancellationToken)
    {
        StoreText.Check(name, nameof(name));
        SettingsText.Check(settings);
        return _changes.ChangeAsync<StoredTenant>(
            async change =>
            {
                var tenants = change.Context.Tenants;
                if (await tenants.SingleOrDefaultAsync(row => row.Name == name, cancellationToken).ConfigureAwait(false) is { } taken)
                {
                    var isSame = SettingsText.Changed(taken.Settings, settings).Count == 0;
                    return new(isSame ? StoreOutcome.Unchanged : StoreOutcome.NameTaken, Rows.Read(taken));
                }

                var tenant = new TenantRow
                {
                    Id = Guid.CreateVersion7(_changes.Time.GetUtcNow()),
                    Name = name,
                    Settings = settings,
                    Version = 1,
                    Created = change.Now,
                    Updated = change.Now,
                };
                tenants.Add(tenant);
                change.Record(actor, "tenant.add", tenant, null, SettingsText.Changed("{}", settings));
                return new(StoreOutcome.Done, Rows.Read(tenant));
            },
            cancellationToken);
    }

    /// <summary>The tenants, in the order in which they were made.</summary>
    /// <param name="after">The <see cref="StorePage{T}.Next"/> of the part before; null for the first.</param>
    /// <param name="count">How many at most, from 1.</param>
    /// <exception cref="ArgumentException"><paramref name="after"/> is not from a part before.</exception>
    public Task<StorePage<StoredTenant>> ListAsync(string? after, int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var last = Rows.ReadCursor(after);
        return _changes.WithContextAsync(async context =>
        {
            var rows = await context.Tenants.AsNoTracking().Where(row => row.Id > last).OrderBy(row => row.Id).Take(count + 1)
                .ToListAsync(cancellationToken).ConfigureAwait(false);
            return Rows.Page(rows, count, Rows.Read, row => row.Id);
        });
    }

    /// <summary>A tenant; null when there is none by that id.</summary>
    public Task<StoredTenant?> GetAsync(Guid id, CancellationToken cancellationToken) =>
        FindAsync(context => context.Tenants.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken));

    /// <summary>A tenant; null when there is none of that name.</summary>
    public Task<StoredTenant?> GetAsync(string name, CancellationToken cancellationToken) =>
        FindAsync(context => context.Tenants.AsNoTracking().SingleOrDefaultAsync(row => row.Name == name, cancellationToken));

    /// <summary>Gives a tenant other settings, and maybe another name.</summary>
    /// <param name="id">Which.</param>
    /// <param name="version">The version that the change is meant for; null for any.</param>
    /// <param name="name">Its name from now on; null for the one it has.</param>
    /// <param name="settings">All its settings from now on; null for those it has.</param>
    /// <param name="actor">Who does it.</param>
    /// <returns>Done, Unchanged, NotFound, VersionConflict or NameTaken.</returns>
    public Task<StoreResult<StoredTenant>> ChangeAsync(
        Guid id, long? version, string? name, string? settings, string actor, CancellationToken cancellationToken)
    {
        if (name is not null)
        {
            StoreText.Check(name, nameof(name));
        }

        SettingsText.Check(settings ?? "{}");
        return _changes.ChangeAsync<StoredTenant>(
            async change =>
            {
                var tenants = change.Context.Tenants;
                if (await tenants.SingleOrDefaultAsync(row => row.Id == id, cancellationToken).ConfigureAwait(false) is not { } tenant)
                {
                    return new(StoreOutcome.NotFound, null);
                }

                if (version is not null && version != tenant.Version)
                {
                    return new(StoreOutcome.VersionConflict, Rows.Read(tenant));
                }

                if (name is not null && await tenants.AsNoTracking()
                    .SingleOrDefaultAsync(row => row.Name == name && row.Id != id, cancellationToken).ConfigureAwait(false) is { } taken)
                {
                    return new(StoreOutcome.NameTaken, Rows.Read(taken));
                }

                return Apply(change, tenant, name, settings, actor);
            },
            cancellationToken);
    }

    /// <summary>Removes a tenant with its keys and tokens. What it used stays.</summary>
    /// <param name="id">Which.</param>
    /// <param name="version">The version that is to be removed; null for any.</param>
    /// <param name="actor">Who does it.</param>
    /// <returns>Done with the tenant as it was, NotFound or VersionConflict.</returns>
    public Task<StoreResult<StoredTenant>> RemoveAsync(Guid id, long? version, string actor, CancellationToken cancellationToken) =>
        _changes.ChangeAsync<StoredTenant>(
            async change =>
            {
                if (await change.Context.Tenants.SingleOrDefaultAsync(row => row.Id == id, cancellationToken).ConfigureAwait(false)
                    is not { } tenant)
                {
                    return new(StoreOutcome.NotFound, null);
                }

                if (version is not null && version != tenant.Version)
                {
                    return new(StoreOutcome.VersionConflict, Rows.Read(tenant));
                }

                change.Context.Tenants.Remove(tenant);
                change.Record(actor, "tenant.remove", tenant, null);
                return new(StoreOutcome.Done, Rows.Read(tenant));
            },
            cancellationToken);

    private static StoreResult<StoredTenant> Apply(ChangeScope change, TenantRow tenant, string? name, string? settings, string actor)
    {
        List<string> changed = [.. SettingsText.Changed(tenant.Settings, settings ?? tenant.Settings)];
        if (name is not null && name != tenant.Name)
        {
            changed.Add($"name={name}");
        }

        if (changed.Count == 0)
        {
            return new(StoreOutcome.Unchanged, Rows.Read(tenant));
        }

        change.Record(actor, "tenant.change", tenant, null, changed);
        tenant.Name = name ?? tenant.Name;
        tenant.Settings = settings ?? tenant.Settings;
        tenant.Version++;
        tenant.Updated = change.Now;
        return new(StoreOutcome.Done, Rows.Read(tenant));
    }

    private async Task<StoredTenant?> FindAsync(Func<StoreContext, Task<TenantRow?>> find) =>
        await _changes.WithContextAsync(find).ConfigureAwait(false) is { } row ? Rows.Read(row) : null;
}
