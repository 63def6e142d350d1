namespace Gateway.Store.Usage;

/// <summary>What a replica holds of a budget, and wants to hold.</summary>
/// <param name="Budget">Which.</param>
/// <param name="Limit">What may be used in the month.</param>
/// <param name="Reserved">What calls that are under way have reserved and not settled. It is held whatever the limit says.</param>
/// <param name="Wanted">What the replica would like to hold, to reserve from without asking; not below <paramref name="Reserved"/>.</param>
public readonly record struct BudgetClaim(BudgetKey Budget, long Limit, long Reserved, long Wanted);
