using Gateway.Api.Admission;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Credentials;

namespace Gateway.Api.Tenancy;

/// <summary>
/// What a caller has that lasts while settings change: its limits and what is taken of them, its tokens and their turns. Shared by all that
/// a tenant calls with one key. Thread-safe.
/// </summary>
/// <param name="tenant">The limits of the tenant.</param>
/// <param name="key">The limits of the key.</param>
/// <param name="credentials">What its calls are made with.</param>
/// <param name="meter">Is told of its calls; null for nobody.</param>
internal sealed class Account(AccountLimits tenant, AccountLimits key, ICredentialSource? credentials, ICallMeter? meter = null)
{
    /// <summary>What its calls are made with; null for nothing.</summary>
    public ICredentialSource? Credentials => credentials;

    /// <summary>Is told of its calls; null for nobody.</summary>
    public ICallMeter? Meter => meter;

    /// <summary>What the tenant's requests hold of the memory for all.</summary>
    public ByteQuota TenantMemory => tenant.Memory;

    /// <summary>What the key's requests hold of it.</summary>
    public ByteQuota KeyMemory => key.Memory;

    /// <summary>Begins a request; <see cref="Leave"/> ends it where it was not refused.</summary>
    /// <param name="response">The response, whose headers tell of the limits, as they are when they go.</param>
    /// <returns>Why it is refused; null when it is not.</returns>
    public CallRefusal? Enter(HttpResponse response)
    {
        var refusal = key.Enter();
        if (refusal is null && (refusal = tenant.Enter()) is not null)
        {
            key.Leave();
        }

        RateLimitHeaders.Add(response, tenant, key);
        return refusal;
    }

    /// <summary>Ends a request.</summary>
    public void Leave()
    {
        tenant.Leave();
        key.Leave();
    }
}
