using System.Collections.Concurrent;
using Gateway.Api.Configuration;
using Gateway.Api.Telemetry;
using Gateway.Api.Usage;
using Gateway.Core.Upstream.Batching;
using Gateway.Core.Upstream.Credentials;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Tenancy;

/// <summary>
/// The accounts of all tenants that there have been, and of their keys, by name: what they have taken of their limits counts on when their
/// settings change. Changes come one at a time.
/// </summary>
/// <param name="options">How many inputs a call may have.</param>
/// <param name="usage">What tenants use.</param>
/// <param name="plans">How RPCs that run models are counted.</param>
/// <param name="telemetry">What operators are told of calls.</param>
/// <param name="time">The clock.</param>
internal sealed class TenantAccounts(
    IOptions<GatewayOptions> options, UsageBook usage, PredictionPlans plans, MeterTelemetry telemetry, TimeProvider time)
{
    private readonly BatchLimits _batches = new()
    {
        MaxModelInputs = options.Value.Limits.MaxModelInputs,
        MaxWorkflowInputs = options.Value.Limits.MaxWorkflowInputs,
    };

    private readonly AccountPaces _paces = new(time);
    private readonly ConcurrentDictionary<string, TenantAccount> _tenants = new();

    /// <summary>
    /// The limits in the time of all tenants, keys and tokens, by names that are the same on every replica; a token of several tenants is
    /// there for each, with the same bucket.
    /// </summary>
    public IEnumerable<(string Name, TokenBucket Bucket)> Buckets => _tenants.Values.SelectMany(tenant => tenant.Buckets);

    /// <summary>The account of a tenant, under settings that may have changed.</summary>
    public TenantAccount Configure(string name, TenantOptions settings)
    {
        var account = _tenants.GetOrAdd(name, _ => new TenantAccount(name, usage.Of(name), plans, _batches, _paces, telemetry, time));
        account.Configure(settings);
        return account;
    }

    /// <summary>Withdraws the tokens of all other tenants than these, which are those that there are now.</summary>
    public void Retain(IReadOnlySet<string> names)
    {
        foreach (var (_, gone) in _tenants.Where(tenant => !names.Contains(tenant.Key)))
        {
            gone.WithdrawTokens();
        }
    }
}
