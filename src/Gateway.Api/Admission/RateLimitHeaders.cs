namespace Gateway.Api.Admission;

/// <summary>
/// Tells clients their limits and what is left of them: <c>RateLimit-Policy</c> and <c>RateLimit</c>, as
/// draft-ietf-httpapi-ratelimit-headers has them (10), with the seconds in which all would be there again.
/// </summary>
internal static class RateLimitHeaders
{
    private const string Policy = "RateLimit-Policy";
    private const string State = "RateLimit";

    /// <summary>Adds both, where there is a limit, when headers are sent: what the request has taken until then is gone.</summary>
    public static void Add(HttpResponse response, AccountLimits tenant, AccountLimits key)
    {
        if (tenant.Policies.Length + key.Policies.Length > 0)
        {
            response.OnStarting(() =>
            {
                response.Headers[Policy] = List(tenant.Policies, key.Policies);
                response.Headers[State] = List(tenant.States(), key.States());
                return Task.CompletedTask;
            });
        }
    }

    /// <summary>Two lists as one; either may be empty.</summary>
    public static string List(string first, string second) =>
        first.Length == 0 ? second : second.Length == 0 ? first : $"{first}, {second}";
}
