namespace Gateway.Store.Model;

/// <summary>What a tenant's key used of a model in a day.</summary>
internal sealed class UsageRow : UsageCounters
{
    public required string Tenant { get; init; }

    public required string Key { get; init; }

    public required string Model { get; init; }

    /// <summary>As yyyymmdd, UTC.</summary>
    public int Day { get; init; }
}
