using System.Globalization;
using Gateway.Store.Databases;
using Gateway.Store.Model;

namespace Gateway.Store.Usage;

/// <summary>Adds a batch of usage to its days and months, once.</summary>
internal static class UsageWriter
{
    private static readonly string[] Counters =
        ["requests", "inputs", "request_bytes", "response_bytes", "prompt_tokens", "completion_tokens", "cached_tokens"];

    // A counter that would overflow stays at the largest: PostgreSQL would refuse the sum, and SQLite make it a REAL.
    private static readonly string Additions = string.Join(", ", Counters.Select(counter => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        {counter} = CASE WHEN total.{counter} > {long.MaxValue} - excluded.{counter} THEN {long.MaxValue}
        ELSE total.{counter} + excluded.{counter} END
        """)));

    private static readonly string Names = string.Join(", ", Counters);

    /// <returns>Whether the batch was new, and is therefore counted.</returns>
    public static async Task<bool> WriteAsync(
        StoreDatabase database, StoreContext context, UsageBatch batch, CancellationToken cancellationToken)
    {
        if (!await TakeAsync(database, context, batch, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        var days = batch.Records.Select(Clean).GroupBy(record => record with { Amounts = default })
            .Select(group => group.Key with { Amounts = Sum(group) });
        var months = batch.Records.Select(Clean).GroupBy(record => (record.Tenant, Month: UnixTime.Month(record.Day)))
            .Select(group => (group.Key, Amounts: Sum(group)));

        await AddAsync(
            database,
            context,
            $"INSERT INTO usage AS total (day, tenant, key, model, {Names}) VALUES",
            "({0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}, {9}, {10})",
            $"ON CONFLICT (day, tenant, key, model) DO UPDATE SET {Additions}",
            // In one order, or replicas could wait for each other's rows for ever.
            [.. days.OrderBy(day => day.Day).ThenBy(day => day.Tenant, StringComparer.Ordinal)
                .ThenBy(day => day.Key, StringComparer.Ordinal).ThenBy(day => day.Model, StringComparer.Ordinal)
                .Select(day => Values(day.Amounts, UnixTime.Day(day.Day), day.Tenant, day.Key, day.Model))],
            cancellationToken).ConfigureAwait(false);
        await AddAsync(
            database,
            context,
            $"INSERT INTO usage_months AS total (tenant, month, {Names}) VALUES",
            "({0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}, {8})",
            $"ON CONFLICT (tenant, month) DO UPDATE SET {Additions}",
            [.. months.OrderBy(month => month.Key.Month).ThenBy(month => month.Key.Tenant, StringComparer.Ordinal)
                .Select(month => Values(month.Amounts, month.Key.Tenant, month.Key.Month))],
            cancellationToken).ConfigureAwait(false);
        return true;
    }

    private static async Task<bool> TakeAsync(
        StoreDatabase database, StoreContext context, UsageBatch batch, CancellationToken cancellationToken)
    {
        var commands = RowCommand.Make(
            database,
            context,
            "INSERT INTO usage_batches AS taken (replica, sequence, updated) VALUES",
            $"({{0}}, {{1}}, {database.Now})",
            """
            ON CONFLICT (replica) DO UPDATE SET sequence = excluded.sequence, updated = excluded.updated
            WHERE taken.sequence < excluded.sequence
            """,
            [[StoreText.Clean(batch.Replica), batch.Sequence]]);
        await using var command = commands.Single();
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false) > 0;
    }

    private static async Task AddAsync(
        StoreDatabase database,
        StoreContext context,
        string before,
        string row,
        string after,
        IReadOnlyList<object[]> rows,
        CancellationToken cancellationToken)
    {
        foreach (var command in RowCommand.Make(database, context, before, row, after, rows))
        {
            await using (command.ConfigureAwait(false))
            {
                await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static UsageRecord Clean(UsageRecord record) => record with
    {
        Tenant = StoreText.Clean(record.Tenant),
        Key = StoreText.Clean(record.Key),
        Model = StoreText.Clean(record.Model),
    };

    // The sum with nothing, for it has no negative amounts.
    private static UsageAmounts Sum(IEnumerable<UsageRecord> records) =>
        records.Aggregate(default(UsageAmounts), (sum, record) => sum + record.Amounts);

    private static object[] Values(UsageAmounts amounts, params object[] key) =>
    [
        .. key, amounts.Requests, amounts.Inputs, amounts.RequestBytes, amounts.ResponseBytes,
        amounts.PromptTokens, amounts.CompletionTokens, amounts.CachedTokens,
    ];
}
