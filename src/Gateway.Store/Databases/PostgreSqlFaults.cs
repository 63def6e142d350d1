using System.Net.Sockets;
using Npgsql;

namespace Gateway.Store.Databases;

/// <summary>What failures of PostgreSQL and of the way to it mean. Its own words may quote values, and are left out.</summary>
internal static class PostgreSqlFaults
{
    private const string Server = "The store's PostgreSQL, Gateway:Store:ConnectionString,";

    public static StoreException? Of(Exception failure) => failure switch
    {
        PostgresException postgres => Of(postgres.SqlState),
        NpgsqlException or SocketException or TimeoutException or IOException =>
            new(StoreFault.Unreachable, $"{Server} cannot be reached, or does not answer{Reason(failure)}."),
        ObjectDisposedException => new(StoreFault.Unreachable, "The store is closed."),
        // Npgsql's words for a connection that broke, and was used again.
        InvalidOperationException { Source: "Npgsql" } => new(StoreFault.Unreachable, $"{Server} is gone."),
        _ => null,
    };

    private static string Reason(Exception failure) =>
        (failure as SocketException ?? failure.InnerException as SocketException) is { } socket ? $" ({socket.SocketErrorCode})" : "";

    private static StoreException Of(string state) => state switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            new(StoreFault.Refused, $"{Server} refused the user or the password."),
        PostgresErrorCodes.InvalidCatalogName => new(StoreFault.Misconfigured, $"{Server} has no database of that name."),
        PostgresErrorCodes.InsufficientPrivilege =>
            new(StoreFault.Refused, $"{Server} refused: its user needs CREATE, and what goes with owning tables, on the schema."),
        PostgresErrorCodes.InvalidSchemaName => new(StoreFault.Misconfigured, $"{Server} has no schema to make tables in."),
        PostgresErrorCodes.ReadOnlySqlTransaction => new(StoreFault.ReadOnly, $"{Server} can only be read: it may be a standby."),
        PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure =>
            new(StoreFault.Busy, $"{Server} is being written to by others (SQLSTATE {state})."),
        // Out of disk space; the rest of class 53 is connections and memory.
        PostgresErrorCodes.DiskFull => new(StoreFault.Full, $"{Server} has no room left."),
        // Insufficient resources, operator intervention (shutdown, starting up), system errors, broken connections.
        _ when state.StartsWith("53", StringComparison.Ordinal) || state.StartsWith("57", StringComparison.Ordinal)
            || state.StartsWith("58", StringComparison.Ordinal) || state.StartsWith("08", StringComparison.Ordinal) =>
            new(StoreFault.Unreachable, $"{Server} does not serve now (SQLSTATE {state})."),
        _ => new(StoreFault.Failed, $"{Server} refused a statement (SQLSTATE {state})."),
    };
}
