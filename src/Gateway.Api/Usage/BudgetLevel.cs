using Gateway.Store.Usage;

namespace Gateway.Api.Usage;

/// <summary>How a tenant's budget of this month stands.</summary>
/// <param name="Tenant">The tenant's name.</param>
/// <param name="Measure">What it is counted in.</param>
/// <param name="Used">What is used or set aside, here and elsewhere, as far as that is known here.</param>
/// <param name="Limit">What may be used.</param>
internal readonly record struct BudgetLevel(string Tenant, UsageMeasure Measure, long Used, long Limit);
