using System.Collections.Immutable;

namespace Gateway.Store.Usage;

/// <summary>What the store answers to a <see cref="UsageBatch"/>.</summary>
/// <param name="IsNew">False: the batch's usage had been taken before, and was not counted again. Its claims were taken now.</param>
/// <param name="Budgets">The claimed budgets, in the order of the claims.</param>
public sealed record UsageExchange(bool IsNew, ImmutableArray<BudgetState> Budgets);
