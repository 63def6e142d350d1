namespace Gateway.Store.Usage;

/// <summary>A budget of a month.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="Month">Any day of the month, UTC.</param>
/// <param name="Measure">In what.</param>
public readonly record struct BudgetKey(string Tenant, DateOnly Month, UsageMeasure Measure);
