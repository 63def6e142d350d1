using System.Collections.Concurrent;
using Gateway.Api.Admission;
using Gateway.Api.Configuration;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Credentials;

namespace Gateway.Api.Tenancy;

/// <summary>What a tenant has that lasts while its settings change: its limits, its tokens and their turns, and its keys' accounts.</summary>
/// <param name="name">The tenant's name.</param>
/// <param name="time">The clock.</param>
internal sealed class TenantAccount(string name, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, AccountLimits> _keys = new();
    private readonly AccountLimits _limits = new("tenant", $"tenant/{name}", $"Tenant {name}", time);

    /// <summary>The limits in the time of the tenant and its keys, by names that are the same on every replica.</summary>
    public IEnumerable<(string Name, TokenBucket Bucket)> Buckets =>
        _limits.Buckets.Concat(_keys.Values.SelectMany(key => key.Buckets));

    /// <summary>Puts other settings in force.</summary>
    public void Configure(TenantOptions options) => _limits.Configure(options.Limits);

    /// <summary>The account of calls with a key.</summary>
    /// <param name="key">The key's name; empty for no key, or for one without a name.</param>
    /// <param name="options">Its limits.</param>
    /// <param name="pat">What its calls are made with.</param>
    public Account Of(string key, RateOptions options, Pat? pat)
    {
        var limits = _keys.GetOrAdd(key, _ => new AccountLimits("key", $"key/{name}/{key}", $"Key {key} of tenant {name}", time));
        limits.Configure(options);
        return new Account(_limits, limits, pat);
    }
}
