using System.Globalization;
using Gateway.Store.Databases;
using Gateway.Store.Definitions;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Store.Audit;

/// <summary>All changes of definitions, which the database refuses to change or remove. Thread-safe.</summary>
public sealed class AuditLog
{
    private readonly StoreDatabase _database;

    internal AuditLog(StoreDatabase database) => _database = database;

    /// <summary>The changes, the latest first.</summary>
    /// <param name="tenantId">Whose; null for all.</param>
    /// <param name="after">The <see cref="StorePage{T}.Next"/> of the part before; null for the first.</param>
    /// <param name="count">How many at most, from 1.</param>
    /// <exception cref="ArgumentException"><paramref name="after"/> is not from a part before.</exception>
    public Task<StorePage<AuditEntry>> ListAsync(Guid? tenantId, string? after, int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var last = after is null ? long.MaxValue
            : long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id
            : throw new ArgumentException("This is not from a part of a list.", nameof(after));
        return _database.RunAsync("audit.read", async () =>
        {
            await using var context = _database.NewContext();
            var rows = await context.Audit.AsNoTracking().Where(row => row.Id < last && (tenantId == null || row.TenantId == tenantId))
                .OrderByDescending(row => row.Id).Take(count + 1).ToListAsync(cancellationToken).ConfigureAwait(false);
            return new StorePage<AuditEntry>(
                [.. rows.Take(count).Select(row => new AuditEntry(
                    row.Id, UnixTime.At(row.At), row.Actor, row.Action, row.TenantId, row.TenantName, row.Target, row.Changed))],
                rows.Count > count ? rows[count - 1].Id.ToString(CultureInfo.InvariantCulture) : null);
        });
    }
}
