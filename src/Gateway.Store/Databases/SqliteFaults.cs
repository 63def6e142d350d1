using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Gateway.Store.Databases;

/// <summary>What SQLite's failures, and those of its file, mean.</summary>
internal static class SqliteFaults
{
    private const string File = "The file of the store, Gateway:Store:Path,";

    public static StoreException? Of(Exception failure) => failure switch
    {
        SqliteException sqlite => Of(sqlite),
        UnauthorizedAccessException => new(StoreFault.Refused, $"{File} cannot be opened: this process may not read and write it."),
        DirectoryNotFoundException => new(StoreFault.Misconfigured, $"{File} is in a folder that is not there."),
        IOException => new(StoreFault.Failed, $"{File} cannot be made or opened."),
        _ => null,
    };

    private static StoreException Of(SqliteException failure) => failure.SqliteErrorCode switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new(StoreFault.Busy, $"{File} is being written to by others for too long."),
        raw.SQLITE_READONLY => new(StoreFault.ReadOnly, $"{File} can only be read."),
        raw.SQLITE_FULL => new(StoreFault.Full, $"{File} has no room left to grow."),
        raw.SQLITE_CANTOPEN =>
            new(StoreFault.Unreachable, $"{File} cannot be opened: it, or its folder, is not there, or is not this process's."),
        raw.SQLITE_PERM or raw.SQLITE_AUTH => new(StoreFault.Refused, $"{File} cannot be opened: this process may not read and write it."),
        raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT => new(StoreFault.Damaged, $"{File} is not an SQLite database, or is damaged."),
        raw.SQLITE_IOERR => new(StoreFault.Unreachable, $"{File} could not be read or written (SQLite {failure.SqliteExtendedErrorCode})."),
        _ => new(StoreFault.Failed, $"{File} refused a statement (SQLite {failure.SqliteExtendedErrorCode})."),
    };
}
