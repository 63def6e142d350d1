using System.Collections.Immutable;
using Gateway.Store.Model;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Store.Definitions;

/// <summary>
/// The gateway keys of a store, which has nothing but their hashes. Every change names its actor, and is in the audit log with that or is
/// not made. Failures of the store are <see cref="StoreException"/>s. Thread-safe.
/// </summary>
public sealed class KeyStore
{
    private readonly ChangeRunner _changes;

    internal KeyStore(ChangeRunner changes) => _changes = changes;

    /// <summary>Adds a key to a tenant.</summary>
    /// <param name="tenantId">Whose it is.</param>
    /// <param name="name">A name that no other key of the tenant has which is neither revoked nor replaced.</param>
    /// <param name="key">The key's hash and settings.</param>
    /// <param name="actor">Who does it.</param>
    /// <returns>Done with the key, NotFound when there is no such tenant, or NameTaken with the key of that name.</returns>
    public Task<StoreResult<StoredKey>> AddAsync(Guid tenantId, string name, NewKey key, string actor, CancellationToken cancellationToken)
    {
        StoreText.Check(name, nameof(name));
        Check(key);
        return _changes.ChangeAsync<StoredKey>(
            async change =>
            {
                if (await TenantAsync(change, tenantId, cancellationToken).ConfigureAwait(false) is not { } tenant)
                {
                    return new(StoreOutcome.NotFound, null);
                }

                var taken = await change.Context.Keys.AsNoTracking()
                    .SingleOrDefaultAsync(
                        row => row.TenantId == tenantId && row.Name == name && row.Revoked == null && row.ReplacedBy == null,
                        cancellationToken)
                    .ConfigureAwait(false);
                if (taken is not null)
                {
                    return new(StoreOutcome.NameTaken, Rows.Read(taken));
                }

                var added = Add(change, tenantId, name, key);
                change.Record(actor, "key.create", tenant, name, [Print(added), .. SettingsText.Changed("{}", key.Settings)]);
                return new(StoreOutcome.Done, Rows.Read(added));
            },
            cancellationToken);
    }

    /// <summary>The keys of a tenant, the revoked and expired ones as well, in the order in which they were made.</summary>
    /// <param name="tenantId">Whose.</param>
    /// <param name="after">The <see cref="StorePage{T}.Next"/> of the part before; null for the first.</param>
    /// <param name="count">How many at most, from 1.</param>
    /// <exception cref="ArgumentException"><paramref name="after"/> is not from a part before.</exception>
    public Task<StorePage<StoredKey>> ListAsync(Guid tenantId, string? after, int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var last = Rows.ReadCursor(after);
        return _changes.WithContextAsync(async context =>
        {
            var rows = await context.Keys.AsNoTracking().Where(row => row.TenantId == tenantId && row.Id > last).OrderBy(row => row.Id)
                .Take(count + 1).ToListAsync(cancellationToken).ConfigureAwait(false);
            return Rows.Page(rows, count, Rows.Read, row => row.Id);
        });
    }

    /// <summary>A key of a tenant; null when there is none by that id.</summary>
    public async Task<StoredKey?> GetAsync(Guid tenantId, Guid id, CancellationToken cancellationToken)
    {
        var row = await _changes.WithContextAsync(context => context.Keys.AsNoTracking()
            .SingleOrDefaultAsync(row => row.TenantId == tenantId && row.Id == id, cancellationToken)).ConfigureAwait(false);
        return row is null ? null : Rows.Read(row);
    }

    /// <summary>The key of a tenant that has a name and is neither revoked nor replaced; null when there is none.</summary>
    public async Task<StoredKey?> GetAsync(Guid tenantId, string name, CancellationToken cancellationToken)
    {
        var row = await _changes.WithContextAsync(context => context.Keys.AsNoTracking()
            .SingleOrDefaultAsync(
                row => row.TenantId == tenantId && row.Name == name && row.Revoked == null && row.ReplacedBy == null, cancellationToken))
            .ConfigureAwait(false);
        return row is null ? null : Rows.Read(row);
    }

    /// <summary>Gives a key other settings and another end.</summary>
    /// <param name="tenantId">Whose.</param>
    /// <param name="id">Which.</param>
    /// <param name="version">The version that the change is meant for; null for any.</param>
    /// <param name="settings">All its settings from now on.</param>
    /// <param name="expires">From when on it does not work; null for never.</param>
    /// <param name="actor">Who does it.</param>
    /// <returns>Done, Unchanged, NotFound, VersionConflict or NotLive.</returns>
    public Task<StoreResult<StoredKey>> ChangeAsync(
        Guid tenantId, Guid id, long? version, string settings, DateTimeOffset? expires, string actor, CancellationToken cancellationToken)
    {
        SettingsText.Check(settings);
        return ChangeLiveAsync(
            tenantId,
            id,
            version,
            (change, tenant, key) =>
            {
                List<string> changed = [.. SettingsText.Changed(key.Settings, settings)];
                var end = expires?.ToUnixTimeMilliseconds();
                if (end != key.Expires)
                {
                    changed.Add("Expires");
                }

                if (changed.Count == 0)
                {
                    return new(StoreOutcome.Unchanged, Rows.Read(key));
                }

                (key.Settings, key.Expires) = (settings, end);
                Touch(change, key);
                change.Record(actor, "key.change", tenant, key.Name, [Print(key), .. changed]);
                return new(StoreOutcome.Done, Rows.Read(key));
            },
            cancellationToken);
    }

    /// <summary>Puts a new key in the place and under the name of another, which goes on working for a while.</summary>
    /// <param name="tenantId">Whose.</param>
    /// <param name="id">The key to be replaced.</param>
    /// <param name="version">The version that is to be replaced; null for any.</param>
    /// <param name="replacement">The new key.</param>
    /// <param name="oldExpires">From when on the old key does not work, unless it expires before that.</param>
    /// <param name="actor">Who does it.</param>
    /// <returns>Done with the new key; NotFound, VersionConflict or NotLive.</returns>
    public Task<StoreResult<StoredKey>> RotateAsync(
        Guid tenantId,
        Guid id,
        long? version,
        NewKey replacement,
        DateTimeOffset oldExpires,
        string actor,
        CancellationToken cancellationToken)
    {
        Check(replacement);
        return ChangeLiveAsync(
            tenantId,
            id,
            version,
            (change, tenant, old) =>
            {
                var end = oldExpires.ToUnixTimeMilliseconds();
                old.Expires = old.Expires < end ? old.Expires : end;
                var added = Add(change, tenantId, old.Name, replacement);
                old.ReplacedBy = added.Id;
                Touch(change, old);
                var changed = SettingsText.Changed(old.Settings, added.Settings);
                change.Record(actor, "key.rotate", tenant, old.Name, [Print(old), Print(added), .. changed]);
                return new(StoreOutcome.Done, Rows.Read(added));
            },
            cancellationToken);
    }

    /// <summary>Makes a key work no more. One that has been replaced can be revoked before its time.</summary>
    /// <param name="tenantId">Whose.</param>
    /// <param name="id">Which.</param>
    /// <param name="actor">Who does it.</param>
    /// <returns>Done, Unchanged when it was revoked already, or NotFound.</returns>
    public Task<StoreResult<StoredKey>> RevokeAsync(Guid tenantId, Guid id, string actor, CancellationToken cancellationToken) =>
        _changes.ChangeAsync<StoredKey>(
            async change =>
            {
                var tenant = await TenantAsync(change, tenantId, cancellationToken).ConfigureAwait(false);
                var key = await KeyAsync(change, tenantId, id, cancellationToken).ConfigureAwait(false);
                if (tenant is null || key is null)
                {
                    return new(StoreOutcome.NotFound, null);
                }

                if (key.Revoked is not null)
                {
                    return new(StoreOutcome.Unchanged, Rows.Read(key));
                }

                key.Revoked = change.Now;
                Touch(change, key);
                change.Record(actor, "key.revoke", tenant, key.Name, Print(key));
                return new(StoreOutcome.Done, Rows.Read(key));
            },
            cancellationToken);

    /// <summary>
    /// Notes when keys were last used. This is neither a change of them nor in the audit log; an earlier day changes nothing.
    /// </summary>
    /// <param name="days">By the key's id, the day (UTC).</param>
    public Task NoteUsedAsync(IReadOnlyDictionary<Guid, DateOnly> days, CancellationToken cancellationToken)
    {
        var used = days.GroupBy(entry => UnixTime.Day(entry.Value), entry => entry.Key).OrderBy(group => group.Key)
            .Select(group => (Day: group.Key, Keys: group.Order().ToImmutableArray())).ToArray();
        return _changes.WithContextAsync(async context =>
        {
            foreach (var (day, keys) in used)
            {
                await context.Keys.Where(row => keys.Contains(row.Id) && (row.LastUsedDay == null || row.LastUsedDay < day))
                    .ExecuteUpdateAsync(row => row.SetProperty(key => key.LastUsedDay, day), cancellationToken).ConfigureAwait(false);
            }

            return used.Length;
        });
    }

    private static void Check(NewKey key)
    {
        if (key.Sha256.Length != 64 || !key.Sha256.All(char.IsAsciiHexDigit))
        {
            throw new ArgumentException("A hash is 64 hex digits.", nameof(key));
        }

        StoreText.Check(key.Prefix, nameof(key));
        SettingsText.Check(key.Settings);
    }

    private static string Print(KeyRow key) => $"key={SecretText.FingerprintOf(key.Sha256)}";

    private static void Touch(ChangeScope change, KeyRow key)
    {
        key.Version++;
        key.Updated = change.Now;
    }

    private static Task<TenantRow?> TenantAsync(ChangeScope change, Guid id, CancellationToken cancellationToken) =>
        change.Context.Tenants.SingleOrDefaultAsync(row => row.Id == id, cancellationToken);

    private static Task<KeyRow?> KeyAsync(ChangeScope change, Guid tenantId, Guid id, CancellationToken cancellationToken) =>
        change.Context.Keys.SingleOrDefaultAsync(row => row.TenantId == tenantId && row.Id == id, cancellationToken);

    private KeyRow Add(ChangeScope change, Guid tenantId, string name, NewKey key)
    {
        var row = new KeyRow
        {
            Id = Guid.CreateVersion7(_changes.Time.GetUtcNow()),
            TenantId = tenantId,
            Name = name,
            Sha256 = key.Sha256.ToLowerInvariant(),
            Prefix = key.Prefix,
            Settings = key.Settings,
            Version = 1,
            Created = change.Now,
            Updated = change.Now,
            Expires = key.Expires?.ToUnixTimeMilliseconds(),
        };
        change.Context.Keys.Add(row);
        return row;
    }

    // A change of a key that is neither revoked nor replaced.
    private Task<StoreResult<StoredKey>> ChangeLiveAsync(
        Guid tenantId,
        Guid id,
        long? version,
        Func<ChangeScope, TenantRow, KeyRow, StoreResult<StoredKey>> apply,
        CancellationToken cancellationToken) => _changes.ChangeAsync<StoredKey>(
            async change =>
            {
                var tenant = await TenantAsync(change, tenantId, cancellationToken).ConfigureAwait(false);
                var key = await KeyAsync(change, tenantId, id, cancellationToken).ConfigureAwait(false);
                if (tenant is null || key is null)
                {
                    return new(StoreOutcome.NotFound, null);
                }

                if (version is not null && version != key.Version)
                {
                    return new(StoreOutcome.VersionConflict, Rows.Read(key));
                }

                return key.Revoked is not null || key.ReplacedBy is not null
                    ? new(StoreOutcome.NotLive, Rows.Read(key))
                    : apply(change, tenant, key);
            },
            cancellationToken);
}
