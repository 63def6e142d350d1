namespace Gateway.Api.Admission;

/// <summary>
/// Tells clients their limits and what is left of them: <c>RateLimit-Policy</c> and <c>RateLimit</c>, as
/// draft-ietf-httpapi-ratelimit-headers has them (10), with the time in which what is there would be there again.
/// </summary>
internal static class RateLimitHeaders
{
    private const string Policy = "RateLimit-Policy";
    private const string State = "RateLimit";

    /// <summary>Adds both, where there is a limit.</summary>
    public static void Write(IHeaderDictionary headers, AccountLimits tenant, AccountLimits key)
    {
        if ((tenant.Requests ?? tenant.Inputs ?? key.Requests ?? key.Inputs) is null)
        {
            return;
        }

        var policies = new List<string>();
        var states = new List<string>();
        tenant.Describe(policies, states);
        key.Describe(policies, states);
        headers[Policy] = string.Join(", ", policies);
        headers[State] = string.Join(", ", states);
    }
}
