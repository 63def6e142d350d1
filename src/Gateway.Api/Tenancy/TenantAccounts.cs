using System.Collections.Concurrent;
using Gateway.Api.Configuration;
using Gateway.Api.Usage;

namespace Gateway.Api.Tenancy;

/// <summary>
/// The accounts of all tenants that there have been, and of their keys, by name: what they have taken of their limits counts on when their
/// settings change. Changes come one at a time.
/// </summary>
/// <param name="usage">What tenants use.</param>
/// <param name="plans">How RPCs that run models are counted.</param>
/// <param name="time">The clock.</param>
internal sealed class TenantAccounts(UsageBook usage, PredictionPlans plans, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, TenantAccount> _tenants = new();

    /// <summary>The account of a tenant, under settings that may have changed.</summary>
    public TenantAccount Configure(string name, TenantOptions options)
    {
        var account = _tenants.GetOrAdd(name, _ => new TenantAccount(name, usage.Of(name), plans, time));
        account.Configure(options);
        return account;
    }
}
