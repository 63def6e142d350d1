using System.Runtime.CompilerServices;
using Gateway.Store.Databases;
using Gateway.Store.Model;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Store.Usage;

/// <summary>
/// What tenants used, and what is held of their budgets. Replicas exchange batches with it, about once a second. Failures of the store are
/// <see cref="StoreException"/>s. Thread-safe.
/// </summary>
public sealed class UsageStore
{
    private readonly StoreDatabase _database;

    internal UsageStore(StoreDatabase database) => _database = database;

    /// <summary>
    /// Counts a batch once, however often it comes, and settles what the replica holds of budgets in the same transaction: what was
    /// reserved and is now used is never counted twice, nor left out, by any replica.
    /// </summary>
    /// <returns>How the claimed budgets stand.</returns>
    public Task<UsageExchange> ExchangeAsync(UsageBatch batch, CancellationToken cancellationToken) =>
        _database.RunAsync("usage.exchange", async () =>
    {
        await using var context = _database.NewContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await _database.LockBudgetsAsync(context, cancellationToken).ConfigureAwait(false);
        var isNew = await UsageWriter.WriteAsync(_database, context, batch, cancellationToken).ConfigureAwait(false);
        var budgets = await BudgetLedger.SettleAsync(_database, context, batch, cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return new UsageExchange(isNew, budgets);
    });

    /// <summary>What was used, by day, tenant, key and model, in this order.</summary>
    /// <returns>As it is read: the store is not asked for more than is taken. It holds a connection until its end.</returns>
    public async IAsyncEnumerable<UsageRecord> ReadAsync(UsageQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var context = _database.NewContext();
        var (from, to) = (UnixTime.Day(query.From), UnixTime.Day(query.To));
        var rows = context.Usage.AsNoTracking()
            .Where(row => row.Day >= from && row.Day <= to)
            .Where(row => query.Tenant == null || row.Tenant == query.Tenant)
            .Where(row => query.Key == null || row.Key == query.Key)
            .Where(row => query.Model == null || row.Model == query.Model)
            .OrderBy(row => row.Day).ThenBy(row => row.Tenant).ThenBy(row => row.Key).ThenBy(row => row.Model)
            .AsAsyncEnumerable().GetAsyncEnumerator(cancellationToken);
        await using (rows.ConfigureAwait(false))
        {
            while (await _database.RunAsync(null, async () => await rows.MoveNextAsync().ConfigureAwait(false)).ConfigureAwait(false))
            {
                var row = rows.Current;
                yield return new UsageRecord(row.Tenant, row.Key, row.Model, UnixTime.Day(row.Day), Amounts(row));
            }
        }
    }

    /// <summary>What a tenant used in a month so far.</summary>
    /// <param name="month">Any day of it, UTC.</param>
    public Task<UsageAmounts> ReadMonthAsync(string tenant, DateOnly month, CancellationToken cancellationToken) =>
        _database.RunAsync("usage.read", async () =>
    {
        await using var context = _database.NewContext();
        var (name, number) = (StoreText.Clean(tenant), UnixTime.Month(month));
        var row = await context.UsageMonths.AsNoTracking()
            .SingleOrDefaultAsync(row => row.Tenant == name && row.Month == number, cancellationToken).ConfigureAwait(false);
        return row is null ? default : Amounts(row);
    });

    /// <summary>The counters of a row.</summary>
    internal static UsageAmounts Amounts(UsageCounters row) => new(
        row.Requests, row.Inputs, row.RequestBytes, row.ResponseBytes, row.PromptTokens, row.CompletionTokens, row.CachedTokens);
}
