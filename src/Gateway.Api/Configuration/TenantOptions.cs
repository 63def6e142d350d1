namespace Gateway.Api.Configuration;

/// <summary>
/// One tenant: who it is to the gateway, and who it is upstream. White space around a value, such as the line break at the end of a mounted
/// secret, is not part of it.
/// </summary>
internal sealed class TenantOptions : TenantSettings
{
    /// <summary>
    /// The SHA-256 of the tenant's gateway key, as 64 hex digits. Null where the tenant is <see cref="Keyless"/>, or has
    /// <see cref="Keys"/>.
    /// </summary>
    public string? KeySha256 { get; set => field = value?.Trim(); }

    /// <summary>Further keys by name, each for itself limited to some of what the tenant may do.</summary>
    public Dictionary<string, KeyOptions> Keys { get; set; } = new(StringComparer.Ordinal);

    /// <summary>
    /// True: this is the tenant that serves the requests that bring no key at all; there is at most one. It has to be said, so that a key
    /// that is missing by mistake opens nothing. Null is false, but for the tenant that <c>CLARIFAI_PAT</c> makes.
    /// </summary>
    public bool? Keyless { get; set; }

    /// <summary>The Personal Access Token that the tenant's calls carry upstream. Never shown, never logged.</summary>
    public string? Pat { get; set => field = value?.Trim(); }

    /// <summary>Further tokens by name: calls are spread over all.</summary>
    public Dictionary<string, PatOptions> Pats { get; set; } = new(StringComparer.Ordinal);
}
