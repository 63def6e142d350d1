namespace Gateway.Store.Definitions;

/// <summary>A gateway key of a tenant, as it was when it was read. The key itself is nowhere.</summary>
/// <param name="Id">What it is known by for good.</param>
/// <param name="TenantId">Whose it is.</param>
/// <param name="Name">Unique among the tenant's keys that are neither revoked nor replaced.</param>
/// <param name="Sha256">The key's SHA-256, 64 hex digits in small letters.</param>
/// <param name="Prefix">What is shown of the key, for people to know it by.</param>
/// <param name="Version">Counts its changes, from 1. Being used is not one of them.</param>
/// <param name="Settings">One JSON object.</param>
/// <param name="Expires">From when on it does not work; null for never.</param>
/// <param name="Revoked">When it was revoked; null if it was not.</param>
/// <param name="ReplacedBy">The key that took its place in a rotation. This one works until it expires.</param>
/// <param name="LastUsed">The last day of which it is known to have been used, UTC; null for none.</param>
public sealed record StoredKey(
    Guid Id,
    Guid TenantId,
    string Name,
    string Sha256,
    string Prefix,
    long Version,
    string Settings,
    DateTimeOffset Created,
    DateTimeOffset Updated,
    DateTimeOffset? Expires,
    DateTimeOffset? Revoked,
    Guid? ReplacedBy,
    DateOnly? LastUsed)
{
    /// <summary>The first 12 digits of its hash.</summary>
    public string Fingerprint => SecretText.FingerprintOf(Sha256);

    /// <summary>Whether it opens anything at a time.</summary>
    public bool WorksAt(DateTimeOffset time) => Revoked is null && (Expires is null || time < Expires);
}
