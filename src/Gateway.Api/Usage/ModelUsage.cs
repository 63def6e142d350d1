using Gateway.Store.Usage;

namespace Gateway.Api.Usage;

/// <summary>What was used of one model with one key, and is not handed on yet. Guarded by its <see cref="TenantUsage"/>.</summary>
/// <param name="key">The key.</param>
/// <param name="name">The model's name in the book.</param>
internal sealed class ModelUsage(KeyUsage key, string name)
{
    /// <summary>The key.</summary>
    public KeyUsage Key => key;

    /// <summary>The model's name in the book.</summary>
    public string Name => name;

    /// <summary>Whether its key knows it by its name. What it is used for otherwise counts for the others.</summary>
    public bool IsKnown { get; set; }

    /// <summary>What calls of it are likely to use.</summary>
    public CallEstimate Estimate { get; } = new();

    /// <summary>The day on which it was last used.</summary>
    public DateOnly LastDay { get; set; }

    /// <summary>What was used since it was handed on.</summary>
    public UsageAmounts Amounts { get; private set; }

    /// <summary>Adds what was used.</summary>
    /// <returns>Whether this is the first since it was handed on.</returns>
    public bool Add(in UsageAmounts amounts)
    {
        var isFirst = Amounts == default;
        Amounts += amounts;
        return isFirst && Amounts != default;
    }

    /// <summary>Hands on what was used.</summary>
    public UsageRecord Take(string tenant)
    {
        var record = new UsageRecord(tenant, key.Name, name, LastDay, Amounts);
        Amounts = default;
        return record;
    }
}
