using System.Data;
using System.Data.Common;
using Gateway.Store.Model;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Gateway.Store.Databases;

/// <summary>A PostgreSQL server, for any number of replicas.</summary>
internal sealed class PostgreSqlDatabase : StoreDatabase
{
    private const string ChangesChannel = "gateway_changes";

    private static readonly long BudgetsLock = AdvisoryLock.KeyOf("_budgets");

    /// <summary>
    /// How long a watcher trusts in being told. The look after it finds a connection that broke without a word, and is all there is where a
    /// pooler between does not pass notifications on.
    /// </summary>
    private const int NotificationTimeoutMs = 1000;

    // Seconds for a statement of a watcher or a lock, which the server answers at once if it is there.
    private const int OwnCommandTimeout = 5;

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlDataSource _own;
    private readonly TimeProvider _time;
    private readonly DbContextOptions<PostgreSqlStoreContext> _options;

    /// <exception cref="StoreException">The connection string is none.</exception>
    public PostgreSqlDatabase(string connectionString, TimeProvider time)
    {
        var builder = Parse(connectionString);
        builder.ApplicationName ??= "clarifai-gateway";
        _time = time;
        builder.NoResetOnClose = true; // nothing here leaves settings behind, and each use would be a statement more
        _source = NpgsqlDataSource.Create(builder);
        // What is held for long is not from the pool: a lock or a LISTEN of a connection that was given back would last.
        builder.Pooling = false;
        builder.CommandTimeout = OwnCommandTimeout;
        _own = NpgsqlDataSource.Create(builder);
        _options = new DbContextOptionsBuilder<PostgreSqlStoreContext>().UseNpgsql(_source).Options;
    }

    // Not now(), which is when the transaction began.
    public override string Now => "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)";

    public override string Least => "LEAST";

    public override string Greatest => "GREATEST";

    // It takes 65,535.
    public override int MaxParameters => 60_000;

    public override StoreContext NewContext() => new PostgreSqlStoreContext(_options);

    public override async Task<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken) =>
        await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken).ConfigureAwait(false);

    public override Task PrepareAsync(StoreContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    public override Task SignalAsync(StoreContext context, CancellationToken cancellationToken) =>
        context.Database.ExecuteSqlRawAsync($"NOTIFY {ChangesChannel}", cancellationToken);

    public override async Task<DbConnection> ConnectWatchAsync(CancellationToken cancellationToken)
    {
        var connection = await _own.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await using var listen = connection.CreateCommand();
            listen.CommandText = $"LISTEN {ChangesChannel}";
            await listen.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public override Task AwaitChangeAsync(DbConnection connection, CancellationToken cancellationToken) =>
        ((NpgsqlConnection)connection).WaitAsync(NotificationTimeoutMs, cancellationToken);

    public override async Task<HeldLock?> TryLockAsync(string name, CancellationToken cancellationToken) =>
        await AdvisoryLock.TryTakeAsync(_own, name, _time, cancellationToken).ConfigureAwait(false);

    public override Task LockBudgetsAsync(StoreContext context, CancellationToken cancellationToken) =>
        context.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({BudgetsLock})", cancellationToken);

    public override void ForgetConnections() => _source.Clear();

    public override async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync().ConfigureAwait(false);
        await _own.DisposeAsync().ConfigureAwait(false);
    }

    protected override StoreException? FaultOf(Exception failure) => PostgreSqlFaults.Of(failure);

    /// <summary>Reads a connection string, and connects to nothing.</summary>
    /// <exception cref="StoreException">It is none.</exception>
    public static void Check(string connectionString) => Parse(connectionString);

    private static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or KeyNotFoundException)
        {
            // The message would quote it.
            throw new StoreException(
                StoreFault.Misconfigured, "Gateway:Store:ConnectionString is not a connection string of PostgreSQL (Npgsql).");
        }
    }
}
