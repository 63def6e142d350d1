namespace Gateway.Store.Usage;

/// <summary>A budget as all replicas have it.</summary>
/// <param name="Budget">Which.</param>
/// <param name="Used">What is settled, with the batch that came along.</param>
/// <param name="HeldByOthers">What other replicas hold.</param>
/// <param name="Held">What this replica holds from now on: until the next exchange it may have no more than this reserved.</param>
public readonly record struct BudgetState(BudgetKey Budget, long Used, long HeldByOthers, long Held);
