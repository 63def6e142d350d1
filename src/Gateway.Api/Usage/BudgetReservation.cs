namespace Gateway.Api.Usage;

/// <summary>What one call has set aside of its tenant's budgets. Changed by the <see cref="TenantUsage"/> alone.</summary>
internal struct BudgetReservation
{
    /// <summary>The first day of the month whose budgets it is of.</summary>
    public DateOnly Month { get; set; }

    /// <summary>What is set aside and not used yet.</summary>
    public MeasureValues Amounts;
}
