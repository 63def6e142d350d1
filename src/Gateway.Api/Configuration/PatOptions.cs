using Gateway.Core.Upstream;

namespace Gateway.Api.Configuration;

/// <summary>One of several Personal Access Tokens of a tenant, over which its calls are spread.</summary>
internal sealed class PatOptions
{
    /// <summary>The token. Never shown, never logged.</summary>
    public string? Pat { get; set => field = value?.Trim(); }

    /// <summary>
    /// How many requests a second the upstream takes of the token's account. Null: as <see cref="TenantSettings.PatRequestsPerSecond"/>
    /// says.
    /// </summary>
    [Positive]
    public int? RequestsPerSecond { get; set; }
}
