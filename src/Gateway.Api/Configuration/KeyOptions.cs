namespace Gateway.Api.Configuration;

/// <summary>One gateway key of a tenant: what it opens of what the tenant may do, never more.</summary>
internal sealed class KeyOptions : KeySettings
{
    /// <summary>The SHA-256 of the key, as 64 hex digits.</summary>
    public string? KeySha256 { get; set => field = value?.Trim(); }

    /// <summary>When the key ends. Null: never.</summary>
    public DateTimeOffset? Expires { get; set; }

    /// <summary>Keys that this one has replaced, and which open the same until they end. No setting.</summary>
    public IReadOnlyList<ReplacedKey> Replaced { get; internal set; } = [];
}
