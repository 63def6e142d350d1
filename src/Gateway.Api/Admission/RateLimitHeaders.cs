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
        if (tenant.Policies.Length + key.Policies.Length > 0)
        {
            headers[Policy] = List(tenant.Policies, key.Policies);
            headers[State] = List(tenant.States(), key.States());
        }
    }

    /// <summary>Two lists as one; either may be empty.</summary>
    public static string List(string first, string second) =>
        first.Length == 0 ? second : second.Length == 0 ? first : $"{first}, {second}";
}
