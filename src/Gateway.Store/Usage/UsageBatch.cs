namespace Gateway.Store.Usage;

/// <summary>What a replica tells the store at once.</summary>
/// <param name="Replica">Who tells: a name that no other process has, nor had.</param>
/// <param name="Sequence">Counts the replica's batches, from 1. One that may have failed is sent again as it was, under its number.</param>
/// <param name="Records">What was used since the batch before.</param>
/// <param name="Claims">All that the replica holds of budgets: what is not claimed is given back.</param>
/// <param name="HoldLifetime">For how long others respect what this replica holds when it is not heard of.</param>
public sealed record UsageBatch(
    string Replica,
    long Sequence,
    IReadOnlyCollection<UsageRecord> Records,
    IReadOnlyCollection<BudgetClaim> Claims,
    TimeSpan HoldLifetime);
