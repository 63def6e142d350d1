using System.Data.Common;
using Gateway.Store.Model;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Store.Databases;

/// <summary>
/// A file, for one machine. Its readers and its one writer do not wait for each other (WAL); writers wait for each other for a few seconds. Calls run
/// on the thread that makes them: SQLite has no asynchronous ones.
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
        _connectionString = new SqliteConnectionStringBuilder { DataSource = _path, ForeignKeys = true }.ToString();
        _options = new DbContextOptionsBuilder<SqliteStoreContext>().UseSqlite(_connectionString).AddInterceptors(new BusyTimeout()).Options;
    }

    public override string Now => "CAST(unixepoch('subsec') * 1000 AS INTEGER)";

    public override string Least => "MIN";

    public override string Greatest => "MAX";

    public override StoreContext NewContext() => new SqliteStoreContext(_options);

    public override Task<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken) =>
        Task.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(deferred: true)); // others would wait for one that may write

    public override async Task PrepareAsync(StoreContext context, CancellationToken cancellationToken)
    {
        if (!File.Exists(_path))
        {
            await PrivateFile.Create(_path).DisposeAsync().ConfigureAwait(false); // what SQLite puts beside it has its mode
        }

        await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = 'wal'", cancellationToken).ConfigureAwait(false);
        // EF Core's own lock is a row, which a process that is killed leaves behind for the others to wait for. Here nobody holds it: ours is held.
        await context.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellationToken).ConfigureAwait(false);
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
