using Gateway.Store.Model;

namespace Gateway.Store.Definitions;

/// <summary>Rows as others see them.</summary>
internal static class Rows
{
    public static StoredTenant Read(TenantRow row) =>
        new(row.Id, row.Name, row.Version, row.Settings, UnixTime.At(row.Created), UnixTime.At(row.Updated));

    public static StoredKey Read(KeyRow row) => new(
        row.Id,
        row.TenantId,
        row.Name,
        row.Sha256,
        row.Prefix,
        row.Version,
        row.Settings,
        UnixTime.At(row.Created),
        UnixTime.At(row.Updated),
        UnixTime.At(row.Expires),
        UnixTime.At(row.Revoked),
        row.ReplacedBy,
        row.LastUsedDay is { } day ? UnixTime.Day(day) : null);

    public static StoredPat Read(PatRow row) => new(
        row.Id, row.TenantId, row.Name, row.Fingerprint, row.RequestsPerSecond, UnixTime.At(row.Created), UnixTime.At(row.Updated));

    /// <summary>Cuts what was read, one more than was asked for, to a part of a list.</summary>
    public static StorePage<T> Page<TRow, T>(List<TRow> rows, int count, Func<TRow, T> read, Func<TRow, Guid> id) =>
        new([.. rows.Take(count).Select(read)], rows.Count > count ? id(rows[count - 1]).ToString() : null);

    /// <summary>The id behind which a part of a list begins.</summary>
    public static Guid ReadCursor(string? after) =>
        after is null ? Guid.Empty
        : Guid.TryParse(after, out var id) ? id
        : throw new ArgumentException("This is not from a part of a list.", nameof(after));
}
