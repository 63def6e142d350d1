using System.Collections.Immutable;
using Gateway.Store.Databases;
using Gateway.Store.Model;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Store.Usage;

/// <summary>Who holds what of budgets. Weighed by one replica at a time.</summary>
internal static class BudgetLedger
{
    /// <summary>Puts what a replica claims in the place of what it held, as far as budgets go.</summary>
    public static async Task<ImmutableArray<BudgetState>> SettleAsync(
        StoreDatabase database, StoreContext context, UsageBatch batch, CancellationToken cancellationToken)
    {
        var replica = StoreText.Clean(batch.Replica);
        await DropAsync(database, context, replica, batch.HoldLifetime, cancellationToken).ConfigureAwait(false);
        if (batch.Claims.Count == 0)
        {
            return [];
        }

        var tenants = batch.Claims.Select(claim => StoreText.Clean(claim.Budget.Tenant)).Distinct().ToArray();
        var months = batch.Claims.Select(claim => UnixTime.Month(claim.Budget.Month)).Distinct().ToArray();
        var used = await context.UsageMonths.AsNoTracking().Where(row => tenants.Contains(row.Tenant) && months.Contains(row.Month))
            .ToDictionaryAsync(row => (row.Tenant, row.Month), cancellationToken).ConfigureAwait(false);
        var others = await context.BudgetHolds.AsNoTracking().Where(row => tenants.Contains(row.Tenant) && months.Contains(row.Month))
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        var held = others.ToLookup(row => (row.Tenant, row.Month, (UsageMeasure)row.Measure), row => row.Amount);

        ImmutableArray<BudgetState> states = [.. batch.Claims.Select(claim => Weigh(claim, used, held))];
        await HoldAsync(database, context, replica, states, cancellationToken).ConfigureAwait(false);
        return states;
    }

    // What this replica held, and what those hold who are not heard of.
    private static async Task DropAsync(
        StoreDatabase database, StoreContext context, string replica, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var commands = RowCommand.Make(
            database,
            context,
            $"DELETE FROM budget_holds WHERE renewed < {database.Now} -",
            "{0} OR replica = {1}",
            "",
            [[(long)lifetime.TotalMilliseconds, replica]]);
        await using var command = commands.Single();
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static BudgetState Weigh(
        BudgetClaim claim, Dictionary<(string, int), UsageMonthRow> used, ILookup<(string, int, UsageMeasure), long> held)
    {
        var (tenant, month, measure) = (StoreText.Clean(claim.Budget.Tenant), UnixTime.Month(claim.Budget.Month), claim.Budget.Measure);
        var settled = used.TryGetValue((tenant, month), out var row) ? UsageStore.Amounts(row)[measure] : 0;
        var others = held[(tenant, month, measure)].Aggregate(0L, UsageAmounts.Sum);
        var free = Math.Max(0, claim.Limit - UsageAmounts.Sum(settled, others));
        return new BudgetState(claim.Budget, settled, others, Math.Max(Math.Max(0, claim.Reserved), Math.Min(claim.Wanted, free)));
    }

    private static async Task HoldAsync(
        StoreDatabase database,
        StoreContext context,
        string replica,
        ImmutableArray<BudgetState> states,
        CancellationToken cancellationToken)
    {
        var rows = states.Where(state => state.Held > 0).Select(state => new object[]
        {
            replica, StoreText.Clean(state.Budget.Tenant), UnixTime.Month(state.Budget.Month), (int)state.Budget.Measure, state.Held,
        });
        foreach (var command in RowCommand.Make(
            database,
            context,
            "INSERT INTO budget_holds (replica, tenant, month, measure, amount, renewed) VALUES",
            $"({{0}}, {{1}}, {{2}}, {{3}}, {{4}}, {database.Now})",
            "",
            [.. rows]))
        {
            await using (command.ConfigureAwait(false))
            {
                await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
