using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Gateway.Store.Model;

/// <summary>The tables, the same in every database. Each database has a context of its own for its migrations.</summary>
internal abstract class StoreContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<TenantRow> Tenants => Set<TenantRow>();

    public DbSet<KeyRow> Keys => Set<KeyRow>();

    public DbSet<PatRow> Pats => Set<PatRow>();

    public DbSet<AuditRow> Audit => Set<AuditRow>();

    public DbSet<ChangeSignalRow> ChangeSignal => Set<ChangeSignalRow>();

    public DbSet<ProtectionKeyRow> ProtectionKeys => Set<ProtectionKeyRow>();

    public DbSet<IdempotencyRow> IdempotencyKeys => Set<IdempotencyRow>();

    public DbSet<UsageRow> Usage => Set<UsageRow>();

    public DbSet<UsageMonthRow> UsageMonths => Set<UsageMonthRow>();

    public DbSet<UsageBatchRow> UsageBatches => Set<UsageBatchRow>();

    public DbSet<BudgetHoldRow> BudgetHolds => Set<BudgetHoldRow>();

    public DbSet<LeaseRow> Leases => Set<LeaseRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<TenantRow>(tenant =>
        {
            tenant.Property(row => row.Id).ValueGeneratedNever();
            tenant.Property(row => row.Version).IsConcurrencyToken();
            tenant.HasIndex(row => row.Name).IsUnique();
        });
        modelBuilder.Entity<KeyRow>(key =>
        {
            key.Property(row => row.Id).ValueGeneratedNever();
            key.Property(row => row.Version).IsConcurrencyToken();
            key.HasIndex(row => row.Sha256).IsUnique();
            // A key that is gone, or goes, leaves its name to another.
            key.HasIndex(row => new { row.TenantId, row.Name }).IsUnique().HasFilter("revoked IS NULL AND replaced_by IS NULL");
            key.HasOne<TenantRow>().WithMany().HasForeignKey(row => row.TenantId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<PatRow>(pat =>
        {
            pat.Property(row => row.Id).ValueGeneratedNever();
            pat.HasIndex(row => new { row.TenantId, row.Name }).IsUnique();
            pat.HasOne<TenantRow>().WithMany().HasForeignKey(row => row.TenantId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<AuditRow>().HasIndex(row => row.TenantId);
        modelBuilder.Entity<ChangeSignalRow>(signal =>
        {
            signal.Property(row => row.Id).ValueGeneratedNever();
            signal.HasData(new ChangeSignalRow { Id = ChangeSignalRow.OnlyId, Revision = 0 });
        });
        modelBuilder.Entity<IdempotencyRow>().HasKey(row => row.Key);
        modelBuilder.Entity<UsageRow>().HasKey(row => new { row.Day, row.Tenant, row.Key, row.Model });
        modelBuilder.Entity<UsageMonthRow>().HasKey(row => new { row.Tenant, row.Month });
        modelBuilder.Entity<UsageBatchRow>().HasKey(row => row.Replica);
        modelBuilder.Entity<BudgetHoldRow>().HasKey(row => new { row.Tenant, row.Month, row.Measure, row.Replica });
        modelBuilder.Entity<LeaseRow>().HasKey(row => row.Bucket);
        NameAsDatabasesDo(modelBuilder.Model);
    }

    // snake_case, which needs no quotes in PostgreSQL: the statements that are written out read the same for both.
    private static void NameAsDatabasesDo(IMutableModel model)
    {
        foreach (var entity in model.GetEntityTypes())
        {
            entity.SetTableName(SnakeCase(entity.GetTableName()!));
            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(SnakeCase(property.Name));
            }

            foreach (var key in entity.GetKeys())
            {
                key.SetName(SnakeCase(key.GetName()!));
            }

            foreach (var index in entity.GetIndexes())
            {
                index.SetDatabaseName(SnakeCase(index.GetDatabaseName()!));
            }

            foreach (var foreignKey in entity.GetForeignKeys())
            {
                foreignKey.SetConstraintName(SnakeCase(foreignKey.GetConstraintName()!));
            }
        }
    }

    private static string SnakeCase(string name) =>
        string.Concat(name.Select((letter, at) =>
            char.IsUpper(letter) && at > 0 && char.IsLower(name[at - 1]) ? $"_{letter}" : $"{letter}")).ToLowerInvariant();
}
