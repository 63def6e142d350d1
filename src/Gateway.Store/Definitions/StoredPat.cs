namespace Gateway.Store.Definitions;

/// <summary>A Personal Access Token of a tenant, without the token.</summary>
/// <param name="Id">What it is known by until it is removed; replacing the token keeps it.</param>
/// <param name="TenantId">Whose it is.</param>
/// <param name="Name">Unique among the tenant's tokens.</param>
/// <param name="Fingerprint">The first 12 hex digits of the token's SHA-256.</param>
/// <param name="RequestsPerSecond">Calls a second upstream; null for what the tenant's settings say.</param>
public sealed record StoredPat(
    Guid Id, Guid TenantId, string Name, string Fingerprint, double? RequestsPerSecond, DateTimeOffset Created, DateTimeOffset Updated);
