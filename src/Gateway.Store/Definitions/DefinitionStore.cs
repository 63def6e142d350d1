using Gateway.Store.Databases;
using Gateway.Store.Protection;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Store.Definitions;

/// <summary>
/// What makes up tenants: themselves, their keys and their tokens. Thread-safe, but for the one of a change under an idempotency key.
/// </summary>
public sealed class DefinitionStore
{
    private readonly StoreDatabase _database;

    internal DefinitionStore(StoreDatabase database, ChangeRunner changes, SecretProtector secrets)
    {
        _database = database;
        Tenants = new TenantStore(changes);
        Keys = new KeyStore(changes);
        Pats = new PatStore(changes, secrets);
        Time = changes.Time;
    }

    /// <summary>The tenants.</summary>
    public TenantStore Tenants { get; }

    /// <summary>Their gateway keys.</summary>
    public KeyStore Keys { get; }

    /// <summary>Their Personal Access Tokens.</summary>
    public PatStore Pats { get; }

    private TimeProvider Time { get; }

    /// <summary>Everything that a gateway needs of the store, as it is at one moment, with the tokens decrypted.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public Task<StoredDefinitions> LoadAsync(CancellationToken cancellationToken) => _database.RunAsync("definitions.load", async () =>
    {
        await using var context = _database.NewContext();
        await context.Database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        var connection = context.Database.GetDbConnection();
        await using var snapshot = await _database.BeginSnapshotAsync(connection, cancellationToken).ConfigureAwait(false);
        await context.Database.UseTransactionAsync(snapshot, cancellationToken).ConfigureAwait(false);

        var now = UnixTime.Now(Time);
        var revision = await context.ChangeSignal.Select(row => row.Revision).SingleAsync(cancellationToken).ConfigureAwait(false);
        var tenants = await context.Tenants.AsNoTracking().OrderBy(row => row.Id).ToListAsync(cancellationToken).ConfigureAwait(false);
        var keys = await context.Keys.AsNoTracking().Where(row => row.Revoked == null && (row.Expires == null || row.Expires > now))
            .OrderBy(row => row.Id).ToListAsync(cancellationToken).ConfigureAwait(false);
        var pats = await context.Pats.AsNoTracking().OrderBy(row => row.Id).ToListAsync(cancellationToken).ConfigureAwait(false);

        var keysOf = keys.ToLookup(row => row.TenantId, Rows.Read);
        var patsOf = pats.ToLookup(row => row.TenantId, row => new StoredCredential(Rows.Read(row), Pats.Decrypt(row)));
        return new StoredDefinitions(
            revision,
            [.. tenants.Select(row => new TenantDefinition(Rows.Read(row), [.. keysOf[row.Id]], [.. patsOf[row.Id]]))]);
    });
}
