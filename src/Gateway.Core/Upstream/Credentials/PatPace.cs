namespace Gateway.Core.Upstream.Credentials;

/// <summary>A Personal Access Token, and how often its account may be called.</summary>
/// <param name="Name">What it is called among those of its pool: one that takes another's place goes on with its pace.</param>
/// <param name="Pat">The token.</param>
/// <param name="RequestsPerSecond">The account's limit, more than 0; may be a fraction.</param>
public sealed record PatPace(string Name, Pat Pat, double RequestsPerSecond)
{
    /// <summary>What the public API allows an account: 15 requests in a second.</summary>
    public const double Default = 15;
}
