using System.Collections.Immutable;
using Gateway.Api.Tenancy;
using Gateway.Store;
using Gateway.Store.Definitions;

namespace Gateway.Api.Stored;

/// <summary>
/// What an operator does to the Personal Access Tokens of the store's tenants, written down with who did it. Nobody gets to see one again.
/// Failures of the store are <see cref="StoreException"/>s.
/// </summary>
/// <param name="tenants">Finds tenants.</param>
/// <param name="pats">The store's tokens.</param>
/// <param name="actor">Who does it.</param>
internal sealed class PatAdministration(TenantAdministration tenants, PatStore pats, string actor)
{
    /// <summary>Gives a tenant a token, or replaces the one of that name.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="token">The token; white space around it is not part of it.</param>
    /// <param name="requestsPerSecond">
    /// Calls a second that the upstream takes of its account; null for what the tenant's settings say.
    /// </param>
    public async Task<OperationResult<StoredPat>> SetAsync(
        string tenant, string name, string token, int? requestsPerSecond, CancellationToken cancellationToken)
    {
        var owner = await tenants.GetAsync(tenant, cancellationToken);
        if ((owner.Fault ?? DefinitionName.FaultOf("token", name) ?? FaultOf(token.Trim(), requestsPerSecond)) is { } fault)
        {
            return fault;
        }

        var before = await FindAsync(owner.Value!, name, cancellationToken);
        var set = await pats.SetAsync(owner.Value!.Id, name, new SecretText(token.Trim()), requestsPerSecond, actor, cancellationToken);
        return set.IsDone ? new OperationResult<StoredPat>(set.Value, null, IsNew: before is null) : OperationFault.NoTenant(tenant);
    }

    /// <summary>A tenant's tokens, by name and fingerprint.</summary>
    public async Task<OperationResult<List<StoredPat>>> ListAsync(string tenant, CancellationToken cancellationToken)
    {
        var owner = await tenants.GetAsync(tenant, cancellationToken);
        return owner.Fault is { } fault ? fault : (await pats.ListAsync(owner.Value!.Id, cancellationToken)).ToList();
    }

    /// <summary>What is known of a token.</summary>
    public async Task<OperationResult<StoredPat>> GetAsync(string tenant, string name, CancellationToken cancellationToken)
    {
        var owner = await tenants.GetAsync(tenant, cancellationToken);
        return owner.Fault is { } fault ? fault
            : await FindAsync(owner.Value!, name, cancellationToken) is { } pat ? pat
            : OperationFault.NoPat(tenant, name);
    }

    /// <summary>Takes a token from a tenant.</summary>
    public async Task<OperationResult<StoredPat>> RemoveAsync(string tenant, string name, CancellationToken cancellationToken)
    {
        var found = await GetAsync(tenant, name, cancellationToken);
        if (found.Value is not { } pat)
        {
            return found;
        }

        var removed = await pats.RemoveAsync(pat.TenantId, pat.Name, actor, cancellationToken);
        return removed.IsDone ? removed.Value! : OperationFault.NoPat(tenant, name);
    }

    private async Task<StoredPat?> FindAsync(StoredTenant tenant, string name, CancellationToken cancellationToken) =>
        (await pats.ListAsync(tenant.Id, cancellationToken)).FirstOrDefault(pat => pat.Name == name);

    private static OperationFault? FaultOf(string token, int? requestsPerSecond)
    {
        var faults = ImmutableArray.CreateBuilder<MemberFault>();
        if (!TokenText.CanTravel(token))
        {
            faults.Add(new MemberFault("token", "token is a token of letters, digits and signs of ASCII, without spaces in it."));
        }
        else if (GatewayKey.IsOne(token))
        {
            faults.Add(new MemberFault("token", "token is a key of the gateway: what is wanted is the upstream's Personal Access Token."));
        }

        if (requestsPerSecond < 1)
        {
            faults.Add(new MemberFault("requestsPerSecond", "requestsPerSecond is greater than zero."));
        }

        return faults.Count > 0 ? OperationFault.Invalid(faults.ToImmutable()) : null;
    }
}
