using System.Collections.Concurrent;
using Gateway.Api.Admission;
using Gateway.Api.Configuration;
using Gateway.Api.Usage;
using Gateway.Core.Upstream;

namespace Gateway.Api.Tenancy;

/// <summary>
/// What a tenant has that lasts while its settings change: its limits, its tokens and their turns, what it uses, and its keys' accounts.
/// </summary>
/// <param name="name">The tenant's name.</param>
/// <param name="usage">What it uses, and its budgets.</param>
/// <param name="plans">How RPCs that run models are counted.</param>
/// <param name="time">The clock.</param>
internal sealed class TenantAccount(string name, TenantUsage usage, PredictionPlans plans, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, AccountLimits> _keys = new();
    private readonly AccountLimits _limits = new("tenant", $"Tenant {name}", time);

    /// <summary>Puts other settings in force.</summary>
    public void Configure(TenantOptions options)
    {
        _limits.Configure(options.Limits);
        usage.Configure(options.Budgets);
    }

    /// <summary>The account of calls with a key.</summary>
    /// <param name="key">The key's name; empty for no key, or for one without a name.</param>
    /// <param name="options">Its limits.</param>
    /// <param name="pat">What its calls are made with.</param>
    public Account Of(string key, RateOptions options, Pat? pat)
    {
        var limits = _keys.GetOrAdd(key, _ => new AccountLimits("key", $"Key {key} of tenant {name}", time));
        limits.Configure(options);
        return new Account(_limits, limits, pat, new CallMeter(usage, key, _limits, limits, plans));
    }
}
