using Gateway.Store.Usage;

namespace Gateway.Api.Usage;

/// <summary>
/// Where there is no store: this month's sums in memory, for the budgets of this process. They are gone with it. One batch at a time, and
/// none comes twice: this does not fail.
/// </summary>
internal sealed class MemoryUsage : IUsageSink
{
    private Dictionary<string, UsageAmounts> _sums = [];
    private DateOnly _month;

    public Task<UsageExchange> ExchangeAsync(UsageBatch batch, CancellationToken cancellationToken)
    {
        foreach (var record in batch.Records)
        {
            var month = new DateOnly(record.Day.Year, record.Day.Month, 1);
            if (month > _month)
            {
                (_month, _sums) = (month, []);
            }

            if (month == _month)
            {
                _sums[record.Tenant] = _sums.GetValueOrDefault(record.Tenant) + record.Amounts;
            }
        }

        return Task.FromResult(new UsageExchange(IsNew: true, [.. batch.Claims.Select(StateOf)]));
    }

    private BudgetState StateOf(BudgetClaim claim)
    {
        var used = claim.Budget.Month == _month ? _sums.GetValueOrDefault(claim.Budget.Tenant)[claim.Budget.Measure] : 0;
        return new BudgetState(claim.Budget, used, HeldByOthers: 0, claim.Wanted);
    }
}
