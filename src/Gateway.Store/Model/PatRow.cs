namespace Gateway.Store.Model;

/// <summary>A Personal Access Token of a tenant, encrypted for that tenant and this row alone.</summary>
internal sealed class PatRow
{
    public required Guid Id { get; init; }

    public required Guid TenantId { get; init; }

    public required string Name { get; init; }

    public required byte[] Ciphertext { get; set; }

    public required string Fingerprint { get; set; }

    /// <summary>Calls a second upstream; null for what the tenant's settings say.</summary>
    public double? RequestsPerSecond { get; set; }

    public long Created { get; init; }

    public long Updated { get; set; }
}
