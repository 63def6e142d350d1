using Gateway.Api.Tenancy;

namespace Gateway.Api.Streams.Resumption;

/// <summary>What a client repeats to have its stream back: its credential, the request's target, and the request's id.</summary>
internal readonly record struct ResumeKey(KeyHash Owner, string Target, string RequestId)
{
    /// <summary>The key of a request, however it spells the scheme of its credential.</summary>
    public static ResumeKey Of(HttpContext http)
    {
        var headers = http.Request.Headers;
        var owner = KeyHash.Of($"{Authenticator.KeyIn(headers.Authorization)}\n{headers[Authenticator.SessionHeader]}");
        return new ResumeKey(owner, $"{http.Request.Path}{http.Request.QueryString}", http.TraceIdentifier);
    }
}
