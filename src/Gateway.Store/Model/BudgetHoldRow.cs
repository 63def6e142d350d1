namespace Gateway.Store.Model;

/// <summary>What a replica has set aside of a tenant's budget, and not yet used. It lapses when the replica does not renew it.</summary>
internal sealed class BudgetHoldRow
{
    public required string Replica { get; init; }

    public required string Tenant { get; init; }

    /// <summary>As yyyymm, UTC.</summary>
    public int Month { get; init; }

    public int Measure { get; init; }

    public long Amount { get; init; }

    public long Renewed { get; init; }
}
