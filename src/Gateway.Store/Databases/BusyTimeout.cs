using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Gateway.Store.Databases;

/// <summary>
/// Has SQLite itself wait for another writer, which it does in steps of milliseconds; the provider would ask again every 150 ms. A
/// connection from the pool may have lost the setting.
/// </summary>
internal sealed class BusyTimeout : DbConnectionInterceptor
{
    /// <summary>How long a writer waits for another.</summary>
    public const int Seconds = 5;

    private static readonly string Statement = string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {Seconds * 1000}");

    /// <summary>Sets it for an open connection.</summary>
    public static void Set(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Statement;
        command.ExecuteNonQuery();
    }

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Set(connection);

    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Set(connection);
        return Task.CompletedTask;
    }
}
