namespace Gateway.Store.Model;

/// <summary>
/// What a tenant used in a month: the sum of its <see cref="UsageRow"/>s, kept beside them since budgets ask for it all the time.
/// </summary>
internal sealed class UsageMonthRow : UsageCounters
{
    public required string Tenant { get; init; }

    /// <summary>As yyyymm, UTC.</summary>
    public int Month { get; init; }
}
