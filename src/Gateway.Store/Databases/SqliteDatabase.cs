using System.Data.Common;
using Gateway.Store.Model;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Store.Databases;

/// <summary>
/// A file, for one machine. Its readers and its one writer do not wait for each other (WAL); writers wait for each other for a few seconds.
/// Calls run on the thread that makes them: SQLite has no asynchronous ones.
/// </summary>
internal sealed class SqliteDatabase : StoreDatabase
{
    /// <summary>How often a watcher looks: a read of one row, which is in memory unless others have written.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    private readonly string _path;
    private readonly string _connectionString;
    private readonly TimeProvider _time;
    private readonly DbContextOptions<SqliteStoreContext> _options;

    /// <param name="path">The file; made when it is missing.</param>
    public SqliteDatabase(string path, TimeProvider time)
    {
        _path = Path.GetFullPath(path);
        _time = time;
        var builder = new SqliteConnectionStringBuilder { DataSource = _path, ForeignKeys = true, DefaultTimeout = BusyTimeout.Seconds };
        _connectionString = builder.ToString();
        _options = new DbContextOptionsBuilder<SqliteStoreContext>()
            .UseSqlite(_connectionString).AddInterceptors(new BusyTimeout()).Options;
    }

    public override string Now => "CAST(unixepoch('subsec') * 1000 AS INTEGER)";

    public override string Least => "MIN";

    public override string Greatest => "MAX";

    // It could take 32,766, but finds each of them by going through all their names: at 30,000, a statement takes a minute.
    public override int MaxParameters => 1000;

    public override StoreContext NewContext() => new SqliteStoreContext(_options);

    public override Task<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken) =>
        // Deferred: others would wait for one that may write.
        Task.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(deferred: true));

    public override async Task PrepareAsync(StoreContext context, CancellationToken cancellationToken)
    {
        if (!File.Exists(_path))
        {
            await PrivateFile.Create(_path).DisposeAsync().ConfigureAwait(false); // what SQLite puts beside it has its mode
        }

        await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = 'wal'", cancellationToken).ConfigureAwait(false);
    }

    public override async Task MigrateAsync(StoreContext context, CancellationToken cancellationToken)
    {
        // EF Core's own lock is a row, which a process that is killed leaves behind for others to wait for, for ever. Nobody holds it: ours
        // is held.
        await context.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellationToken).ConfigureAwait(false);
        await base.MigrateAsync(context, cancellationToken).ConfigureAwait(false);
    }

    // Who watches looks for it.
    public override Task SignalAsync(StoreContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    public override async Task<DbConnection> ConnectWatchAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            BusyTimeout.Set(connection);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public override Task AwaitChangeAsync(DbConnection connection, CancellationToken cancellationToken) =>
        Task.Delay(PollInterval, _time, cancellationToken);

    public override Task<HeldLock?> TryLockAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult<HeldLock?>(FileLock.TryTake($"{_path}.{name}.lock"));

    // Its transactions that write are one at a time anyway.
    public override Task LockBudgetsAsync(StoreContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    public override ValueTask DisposeAsync()
    {
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
        return ValueTask.CompletedTask;
    }

    protected override StoreException? FaultOf(Exception failure) => SqliteFaults.Of(failure);
}
