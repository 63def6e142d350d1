
namespace Gateway.Api.Errors;

/// <summary>An answer of the gateway's own making; how it looks is its endpoint's choice.</summary>
/// <param name="HttpStatus">The HTTP status.</param>
/// <param name="Code">The number of a <c>clarifai.api.status.StatusCode</c>.</param>
/// <param name="Description">What the code means; the same text for every occurrence.</param>
/// <param name="Details">What happened here and, where the client can help it, what to do; never exception text.</param>
internal sealed record ApiError(int HttpStatus, int Code, string Description, string Details)
{
    /// <summary>The value of the response header <c>WWW-Authenticate</c> (RFC 9110, 11.6.1); null when not a 401.</summary>
    public string? Challenge { get; init; }

    /// <summary>The member of the request that is at fault; null where there is no one such.</summary>
    public string? Parameter { get; init; }

    /// <summary>All that it says, in one text: an upstream may leave either half empty.</summary>
    public string Text => Description.Length == 0 ? Details : Details.Length == 0 ? Description : $"{Description}: {Details}";

    /// <summary>When to ask again, as the upstream said; null when it did not.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
