namespace Gateway.Api.Configuration;

/// <summary>What a gateway key opens of what its tenant may do, wherever the key is kept.</summary>
internal class KeySettings
{
    /// <summary>
    /// The RPCs that the key may call, and no others: groups (<c>predict</c>, <c>read</c>, <c>write</c>, <c>account</c>), names of RPCs, or
    /// <c>all</c>. Null: all that the tenant may.
    /// </summary>
    public IList<string>? Scopes { get; init; }

    /// <summary>The RPCs that the key may not call, whatever <see cref="Scopes"/> has: groups and names of RPCs.</summary>
    public IList<string>? DeniedRpcs { get; init; }

    /// <summary>The models that the key may use, as <see cref="TenantSettings.Models"/> has them.</summary>
    public IList<string>? Models { get; init; }

    /// <summary>The workflows that the key may use, in the same form.</summary>
    public IList<string>? Workflows { get; init; }

    /// <summary>The models that the key may not use, as <see cref="TenantSettings.DeniedModels"/> has them.</summary>
    public IList<string>? DeniedModels { get; init; }

    /// <summary>The workflows that the key may not use, in the same form.</summary>
    public IList<string>? DeniedWorkflows { get; init; }

    /// <summary>How much may be asked with the key, of what the tenant may ask.</summary>
    public RateOptions Limits { get; set; } = new();
}
