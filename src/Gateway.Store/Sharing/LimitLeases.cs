using System.Data.Common;
using Gateway.Store.Databases;
using Gateway.Store.Model;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Store.Sharing;

/// <summary>
/// Token buckets that replicas share, by the database's clock. What a bucket gives away is gone from it at once, so that all replicas
/// together never get more than it holds. Failures of the store are <see cref="StoreException"/>s; nobody knows then whether tokens were
/// given. Thread-safe.
/// </summary>
public sealed class LimitLeases
{
    private const string Before = "INSERT INTO leases AS bucket (bucket, rate, capacity, granted, tokens, updated) VALUES";

    private readonly StoreDatabase _database;

    internal LimitLeases(StoreDatabase database) => _database = database;

    /// <summary>Takes tokens from buckets, in one statement for thousands.</summary>
    /// <param name="requests">At most one for each bucket.</param>
    /// <returns>By bucket, how many were given: as many as there are, up to what was asked for. Below 0 for those given back.</returns>
    public Task<IReadOnlyDictionary<string, double>> TakeAsync(
        IReadOnlyCollection<LeaseRequest> requests, CancellationToken cancellationToken) =>
        _database.RunAsync<IReadOnlyDictionary<string, double>>("leases.take", async () =>
        {
            var granted = new Dictionary<string, double>(requests.Count);
            await using var context = _database.NewContext();
            await context.Database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            foreach (var command in Commands(context, requests)) // each is a transaction of its own
            {
                await using (command.ConfigureAwait(false))
                {
                    await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
                    while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                    {
                        granted[reader.GetString(0)] = reader.GetDouble(1);
                    }
                }
            }

            return granted;
        });

    private IEnumerable<DbCommand> Commands(StoreContext context, IReadOnlyCollection<LeaseRequest> requests)
    {
        var (least, greatest) = (_database.Least, _database.Greatest);
        // A new bucket is full. What a row proposes as granted is what is wanted, up to what the bucket holds; one that is there decides by
        // itself.
        var row = $"({{0}}, {{1}}, {{2}}, {least}({{3}}, {{2}}), {{2}} - {least}({{3}}, {{2}}), {_database.Now})";
        // Times are of before the row was waited for: another may have put a later one in.
        var full = $"{least}(excluded.capacity, bucket.tokens + excluded.rate * {greatest}(0, excluded.updated - bucket.updated) / 1000.0)";
        var taken = $"{least}(excluded.granted, {greatest}(0, {full}))";
        var after = $"""
            ON CONFLICT (bucket) DO UPDATE SET rate = excluded.rate, capacity = excluded.capacity,
            granted = {taken}, tokens = {full} - {taken}, updated = {greatest}(bucket.updated, excluded.updated)
            RETURNING bucket, granted
            """;
        // In one order, or replicas could wait for each other's rows for ever.
        object[][] rows = [.. requests.OrderBy(request => request.Bucket, StringComparer.Ordinal)
            .Select(request => new object[] { request.Bucket, request.Rate, request.Capacity, request.Tokens })];
        return RowCommand.Make(_database, context, Before, row, after, rows);
    }
}
