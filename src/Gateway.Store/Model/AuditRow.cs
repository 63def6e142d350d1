namespace Gateway.Store.Model;

/// <summary>A change. A trigger refuses to change or remove one.</summary>
internal sealed class AuditRow
{
    public long Id { get; init; }

    public long At { get; init; }

    public required string Actor { get; init; }

    public required string Action { get; init; }

    public required Guid TenantId { get; init; }

    /// <summary>As it was called then.</summary>
    public required string TenantName { get; init; }

    /// <summary>The key's or token's name; null where the tenant itself is changed.</summary>
    public string? Target { get; init; }

    /// <summary>Names of settings and fingerprints of secrets, separated by spaces.</summary>
    public required string Changed { get; init; }
}
