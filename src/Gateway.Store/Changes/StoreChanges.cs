using System.Data.Common;
using System.Runtime.CompilerServices;
using Gateway.Store.Databases;

namespace Gateway.Store.Changes;

/// <summary>
/// Tells of changes of definitions, within 2 seconds: PostgreSQL says when there is one (<c>NOTIFY</c>), and is asked each second besides;
/// SQLite is asked twice a second. A connection that breaks is made again.
/// </summary>
public sealed class StoreChanges
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly StoreDatabase _database;
    private readonly TimeProvider _time;
    private volatile StoreException? _failure;

    internal StoreChanges(StoreDatabase database, TimeProvider time) => (_database, _time) = (database, time);

    /// <summary>Why the one who watches gets nothing at present; null while the store answers. It tells of the last second.</summary>
    public StoreException? Failure => _failure;

    /// <summary>Waits for changes for as long as it is enumerated, through failures of the store. One watcher at a time.</summary>
    /// <param name="revision">
    /// The <see cref="Definitions.StoredDefinitions.Revision"/> that is known already; what has changed since is told at once. -1 for none.
    /// </param>
    /// <param name="cancellationToken">Ends it, with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>Each revision that there is something new by. Changes that come close together may be told as one.</returns>
    public async IAsyncEnumerable<long> WatchAsync(long revision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        DbConnection? connection = null;
        try
        {
            while (true)
            {
                long current;
                try
                {
                    connection ??= await _database
                        .RunAsync("changes.connect", () => _database.ConnectWatchAsync(cancellationToken)).ConfigureAwait(false);
                    current = await LookAsync(connection, revision, cancellationToken).ConfigureAwait(false);
                    _failure = null;
                }
                catch (StoreException failure)
                {
                    _failure = failure;
                    _database.ForgetConnections();
                    await DisposeAsync(connection).ConfigureAwait(false);
                    connection = null;
                    await Task.Delay(RetryDelay, _time, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                if (current != revision)
                {
                    revision = current;
                    yield return revision;
                }
            }
        }
        finally
        {
            await DisposeAsync(connection).ConfigureAwait(false);
        }
    }

    private static async ValueTask DisposeAsync(DbConnection? connection)
    {
        if (connection is not null)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }
    // A look, and another one after a while if there is nothing new.
    private Task<long> LookAsync(DbConnection connection, long known, CancellationToken cancellationToken) =>
        _database.RunAsync(null, async () =>
    {
        await using var read = connection.CreateCommand();
        read.CommandText = "SELECT revision FROM change_signal";
        var revision = await RevisionAsync().ConfigureAwait(false);
        if (revision == known)
        {
            await _database.AwaitChangeAsync(connection, cancellationToken).ConfigureAwait(false);
            revision = await RevisionAsync().ConfigureAwait(false);
        }

        return revision;

        async Task<long> RevisionAsync() => (long)(await read.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    });
}
