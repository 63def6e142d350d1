namespace Gateway.Store.Model;

/// <summary>A tenant. Times are Unix milliseconds.</summary>
internal sealed class TenantRow
{
    public required Guid Id { get; init; }

    public required string Name { get; set; }

    /// <summary>Counts its changes, from 1.</summary>
    public long Version { get; set; }

    /// <summary>One JSON object, without secrets.</summary>
    public required string Settings { get; set; }

    public long Created { get; init; }

    public long Updated { get; set; }
}
