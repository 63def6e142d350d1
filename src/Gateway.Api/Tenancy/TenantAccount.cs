using System.Collections.Concurrent;
using Gateway.Api.Admission;
using Gateway.Api.Configuration;
using Gateway.Api.Telemetry;
using Gateway.Api.Usage;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Batching;
using Gateway.Core.Upstream.Credentials;

namespace Gateway.Api.Tenancy;

/// <summary>
/// What a tenant has that lasts while its settings change: its limits, its tokens and their turns, what it uses, and its keys' accounts.
/// Changes come one at a time.
/// </summary>
/// <param name="name">The tenant's name.</param>
/// <param name="usage">What it uses, and its budgets.</param>
/// <param name="plans">How RPCs that run models are counted.</param>
/// <param name="batches">How much may travel together.</param>
/// <param name="paces">The paces of all tenants' tokens.</param>
/// <param name="telemetry">What operators are told of its calls.</param>
/// <param name="time">The clock.</param>
internal sealed class TenantAccount(
    string name,
    TenantUsage usage,
    PredictionPlans plans,
    BatchLimits batches,
    AccountPaces paces,
    MeterTelemetry telemetry,
    TimeProvider time)
{
    private readonly ConcurrentDictionary<string, AccountLimits> _keys = new();
    private readonly AccountLimits _limits = new("tenant", $"tenant/{name}", $"Tenant {name}", time);
    private volatile CredentialPool? _credentials;

    /// <summary>The limits in the time of the tenant, its keys and its tokens, by names that are the same on every replica.</summary>
    public IEnumerable<(string Name, TokenBucket Bucket)> Buckets =>
    [
        .. _limits.Buckets,
        .. _keys.Values.SelectMany(key => key.Buckets),
        .. (_credentials?.Buckets ?? []).Select(token => (token.Key, token.Value)),
    ];

    /// <summary>What tells its tokens from others' without showing them: what one may see upstream is not for another.</summary>
    public string CredentialsId { get; private set; } = "";

    /// <summary>Puts other settings in force.</summary>
    public void Configure(TenantOptions options)
    {
        _limits.Configure(options.Limits);
        usage.Configure(options.Budgets);
        var pats = PatsOf(options);
        CredentialsId = string.Join(',', pats.Select(pat => pat.Pat.Fingerprint));
        var pool = new CredentialPoolOptions { MaxWait = options.PatMaxWait, Batching = options.Batching ? batches : null };
        if (_credentials is { } credentials && pats.Length > 0)
        {
            credentials.Change(pats, pool);
        }
        else
        {
            WithdrawTokens();
            _credentials = pats.Length > 0 ? NewPool(pats, pool) : null;
        }
    }

    /// <summary>Has no tokens until it is configured again: what others say of their accounts' paces counts alone.</summary>
    public void WithdrawTokens()
    {
        _credentials?.Dispose();
        _credentials = null;
    }

    /// <summary>The account of calls with a key.</summary>
    /// <param name="key">The key's name; empty for no key, or for one without a name.</param>
    /// <param name="options">Its limits.</param>
    public Account Of(string key, RateOptions options)
    {
        var limits = _keys.GetOrAdd(key, _ => new AccountLimits("key", $"key/{name}/{key}", $"Key {key} of tenant {name}", time));
        limits.Configure(options);
        return new Account(_limits, limits, _credentials, new CallMeter(usage, key, _limits, limits, plans, telemetry));
    }

    private CredentialPool NewPool(PatPace[] pats, CredentialPoolOptions options) => new(pats, options, time, paces)
    {
        Waited = wait => telemetry.Credentials.NoteWait(name, wait),
    };

    private static PatPace[] PatsOf(TenantOptions options)
    {
        var pats = options.Pats.Select(pat => (Name: pat.Key, Options: pat.Value));
        if (options.Pat is { } first)
        {
            pats = pats.Prepend((Name: "", Options: new PatOptions { Pat = first }));
        }

        return [.. pats.Select(pat => new PatPace(
            pat.Name, new Pat(pat.Options.Pat!), pat.Options.RequestsPerSecond ?? options.PatRequestsPerSecond))];
    }
}
