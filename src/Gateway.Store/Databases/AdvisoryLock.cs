using System.Buffers.Binary;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Gateway.Store.Databases;

/// <summary>
/// A lock of PostgreSQL's, held by a connection of its own that no pool has: it is unlocked by name, and else ends with the connection. The
/// connection is looked after, so that who holds the lock learns when it is gone.
/// </summary>
internal sealed class AdvisoryLock : HeldLock
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    private readonly NpgsqlConnection _connection;
    private readonly long _key;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _released = new();
    private readonly Task _watch;

    private AdvisoryLock(NpgsqlConnection connection, long key, TimeProvider time)
    {
        (_connection, _key, _time) = (connection, key, time);
        _watch = WatchAsync();
    }

    public override CancellationToken Lost => _lost.Token;

    /// <summary>The number that a name has in the database, where other programs may have locks, too.</summary>
    public static long KeyOf(string name) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"clarifai-gateway {name}")));

    /// <returns>The lock; null while somebody else has it.</returns>
    public static async Task<AdvisoryLock?> TryTakeAsync(
        NpgsqlDataSource source, string name, TimeProvider time, CancellationToken cancellationToken)
    {
        var key = KeyOf(name);
        var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        var isTaken = false;
        try
        {
            var answer = await ScalarAsync(connection, "SELECT pg_try_advisory_lock($1)", key, cancellationToken).ConfigureAwait(false);
            isTaken = answer is true;
            return isTaken ? new AdvisoryLock(connection, key, time) : null;
        }
        finally
        {
            if (!isTaken)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _released.CancelAsync().ConfigureAwait(false);
        await _watch.ConfigureAwait(false);
        try
        {
            await ScalarAsync(_connection, "SELECT pg_advisory_unlock($1)", _key, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is DbException or InvalidOperationException)
        {
            // Gone with the connection.
        }

        await _connection.DisposeAsync().ConfigureAwait(false);
        _lost.Dispose();
        _released.Dispose();
    }

    private static async Task<object?> ScalarAsync(
        NpgsqlConnection connection, string statement, long key, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = key });
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task WatchAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(LookInterval, _time, _released.Token).ConfigureAwait(false);
                await using var look = new NpgsqlCommand("SELECT 1", _connection);
                await look.ExecuteScalarAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Given back.
        }
        catch (Exception failure) when (failure is DbException or InvalidOperationException)
        {
            await _lost.CancelAsync().ConfigureAwait(false);
        }
    }

}
