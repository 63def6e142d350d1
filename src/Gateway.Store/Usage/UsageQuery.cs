namespace Gateway.Store.Usage;

/// <summary>Which usage is asked for.</summary>
/// <param name="From">The first day, UTC.</param>
/// <param name="To">The last day, UTC.</param>
/// <param name="Tenant">Whose; null for all.</param>
/// <param name="Key">By which key; null for all.</param>
/// <param name="Model">Of what; null for all.</param>
public sealed record UsageQuery(DateOnly From, DateOnly To, string? Tenant = null, string? Key = null, string? Model = null);
