using Microsoft.EntityFrameworkCore;

namespace Gateway.Store.Model;

/// <summary>The tables in PostgreSQL.</summary>
internal sealed class PostgreSqlStoreContext(DbContextOptions<PostgreSqlStoreContext> options) : StoreContext(options);
