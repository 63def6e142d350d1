using System.Collections.Concurrent;
using Gateway.Store.Usage;

namespace Gateway.Api.Usage;

/// <summary>What all tenants use in this process, until the <see cref="IUsageSink"/> has it. Thread-safe.</summary>
/// <param name="time">The clock.</param>
internal sealed class UsageBook(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, TenantUsage> _tenants = new();

    /// <summary>What a tenant uses.</summary>
    /// <param name="tenant">The tenant's name.</param>
    public TenantUsage Of(string tenant) => _tenants.GetOrAdd(tenant, name => new TenantUsage(name, time));

    /// <summary>How the budgets of all tenants stand.</summary>
    public IEnumerable<BudgetLevel> Levels() => _tenants.Values.SelectMany(tenant => tenant.Levels());

    /// <summary>Hands on what was used since the last time. What was handed on before has to have arrived.</summary>
    public List<UsageRecord> Send()
    {
        var records = new List<UsageRecord>();
        foreach (var (_, tenant) in _tenants)
        {
            tenant.Send(records);
        }

        return records;
    }

    /// <summary>Claims the budgets of all tenants.</summary>
    public List<BudgetClaim> Claim()
    {
        var claims = new List<BudgetClaim>();
        foreach (var (_, tenant) in _tenants)
        {
            tenant.Claim(claims);
        }

        return claims;
    }

    /// <summary>What was handed on is in the sink, which tells how budgets stand.</summary>
    public void Arrive(UsageExchange exchange)
    {
        var states = exchange.Budgets.ToLookup(state => state.Budget.Tenant);
        foreach (var (name, tenant) in _tenants)
        {
            tenant.Arrive([.. states[name]]);
        }
    }
}
