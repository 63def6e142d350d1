using Microsoft.EntityFrameworkCore;

namespace Gateway.Store.Model;

/// <summary>The tables in SQLite.</summary>
internal sealed class SqliteStoreContext(DbContextOptions<SqliteStoreContext> options) : StoreContext(options);
