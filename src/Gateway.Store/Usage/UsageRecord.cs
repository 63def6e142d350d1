namespace Gateway.Store.Usage;

/// <summary>What was used of a model, by a key of a tenant, in a day.</summary>
/// <param name="Tenant">Who: an id that is the tenant's for good. Texts are kept up to 200 characters.</param>
/// <param name="Key">By which key; empty for none.</param>
/// <param name="Model">Of what; empty for none.</param>
/// <param name="Day">When, UTC.</param>
/// <param name="Amounts">How much.</param>
public sealed record UsageRecord(string Tenant, string Key, string Model, DateOnly Day, UsageAmounts Amounts);
