namespace Gateway.Api.Tenancy;

/// <summary>What a tenant, or one of its keys, may do. A call has to be within all grants of who makes it. Immutable.</summary>
/// <param name="Holder">Who has it, as refusals say: <c>Tenant acme</c>, <c>Key ci of tenant acme</c>.</param>
/// <param name="Setting">The setting that <paramref name="Rpcs"/> come from, for refusals.</param>
/// <param name="Rpcs">The RPCs that may be called.</param>
/// <param name="Allowed">The models and workflows that calls may be to; null for any.</param>
/// <param name="Denied">Those that no call may name; null for none.</param>
internal sealed record Grant(string Holder, string Setting, RpcPermissions Rpcs, AllowedResources? Allowed, DeniedResources? Denied)
{
    /// <summary>Whether what calls name matters.</summary>
    public bool IsRestricted => Allowed is not null || Denied is not null;
}
