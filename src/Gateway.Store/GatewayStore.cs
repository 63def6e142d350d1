using Gateway.Store.Audit;
using Gateway.Store.Changes;
using Gateway.Store.Databases;
using Gateway.Store.Definitions;
using Gateway.Store.Protection;
using Gateway.Store.Sharing;
using Gateway.Store.Usage;

namespace Gateway.Store;

/// <summary>
/// A store that is open: what it keeps is reached by its parts. Everything of it that fails, fails with a <see cref="StoreException"/>.
/// Thread-safe.
/// </summary>
public sealed class GatewayStore : IAsyncDisposable
{
    private readonly StoreDatabase _database;
    private readonly SecretProtector _secrets;

    private GatewayStore(StoreDatabase database, SecretProtector secrets, TimeProvider time)
    {
        _database = database;
        _secrets = secrets;
        var changes = new ChangeRunner(database, time);
        Definitions = new DefinitionStore(database, changes, secrets);
        IdempotentChanges = new IdempotentChanges(database, changes, secrets);
        Changes = new StoreChanges(database, time);
        Audit = new AuditLog(database);
        Usage = new UsageStore(database);
        Leases = new LimitLeases(database);
        Locks = new StoreLocks(database);
    }

    /// <summary>The tenants, their keys and their tokens.</summary>
    public DefinitionStore Definitions { get; }

    /// <summary>Changes of these that may be asked for more than once.</summary>
    public IdempotentChanges IdempotentChanges { get; }

    /// <summary>Whether definitions have changed.</summary>
    public StoreChanges Changes { get; }

    /// <summary>Who changed what.</summary>
    public AuditLog Audit { get; }

    /// <summary>What tenants used, and what is held of their budgets.</summary>
    public UsageStore Usage { get; }

    /// <summary>Limits that replicas share.</summary>
    public LimitLeases Leases { get; }

    /// <summary>What one replica does alone.</summary>
    public StoreLocks Locks { get; }

    /// <summary>
    /// Opens a store: makes or updates its tables, while others who open it wait, and sees that its secrets can be read.
    /// </summary>
    /// <param name="connection">Where it is.</param>
    /// <param name="time">The clock of what is written, and of expiry.</param>
    /// <returns>The store, to be disposed.</returns>
    /// <exception cref="StoreException">It cannot be used. Nothing of it is open then.</exception>
    public static async Task<GatewayStore> OpenAsync(StoreConnection connection, TimeProvider time, CancellationToken cancellationToken)
    {
        var database = Connect(connection, time);
        try
        {
            var secrets = await StoreOpening.RunAsync(database, connection, time, cancellationToken).ConfigureAwait(false);
            return new GatewayStore(database, secrets, time);
        }
        catch
        {
            await database.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Has what is done next make new connections.</summary>
    internal void ForgetConnections() => _database.ForgetConnections();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _secrets.Dispose();
        await _database.DisposeAsync().ConfigureAwait(false);
    }

    private static StoreDatabase Connect(StoreConnection connection, TimeProvider time) =>
        connection is { ConnectionString: { } connectionString }
            ? new PostgreSqlDatabase(connectionString, time) { Telemetry = connection.Telemetry }
        : connection is { Path: { } path } ? new SqliteDatabase(path, time) { Telemetry = connection.Telemetry }
        : throw new StoreException(
            StoreFault.Misconfigured, "Neither Gateway:Store:Path nor Gateway:Store:ConnectionString says where the store is.");
}
