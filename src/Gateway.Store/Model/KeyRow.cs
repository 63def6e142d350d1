namespace Gateway.Store.Model;

/// <summary>A gateway key of a tenant. Times are Unix milliseconds.</summary>
internal sealed class KeyRow
{
    public required Guid Id { get; init; }

    public required Guid TenantId { get; init; }

    public required string Name { get; set; }

    /// <summary>The key's SHA-256, 64 hex digits in small letters.</summary>
    public required string Sha256 { get; init; }

    /// <summary>What is shown of the key, for people to know it by.</summary>
    public required string Prefix { get; init; }

    public required string Settings { get; set; }

    public long Version { get; set; }

    public long Created { get; init; }

    public long Updated { get; set; }

    public long? Expires { get; set; }

    public long? Revoked { get; set; }

    /// <summary>The key that has taken its name. It works until it expires.</summary>
    public Guid? ReplacedBy { get; set; }

    /// <summary>As yyyymmdd.</summary>
    public int? LastUsedDay { get; set; }
}
