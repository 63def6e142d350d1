using System.Collections.Immutable;
using Gateway.Store.Model;
using Gateway.Store.Protection;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Store.Definitions;

/// <summary>
/// The Personal Access Tokens of a store, encrypted. Every change names its actor, and is in the audit log with that or is not made.
/// Failures of the store are <see cref="StoreException"/>s. Thread-safe.
/// </summary>
public sealed class PatStore
{
    private readonly ChangeRunner _changes;
    private readonly SecretProtector _secrets;

    internal PatStore(ChangeRunner changes, SecretProtector secrets) => (_changes, _secrets) = (changes, secrets);

    /// <summary>Adds a token to a tenant, or replaces the one of that name.</summary>
    /// <param name="tenantId">Whose.</param>
    /// <param name="name">What the tenant calls it.</param>
    /// <param name="token">The token.</param>
    /// <param name="requestsPerSecond">Calls a second upstream, above 0; null for what the tenant's settings say.</param>
    /// <param name="actor">Who does it.</param>
    /// <returns>Done, Unchanged when it is that token already, or NotFound when there is no such tenant.</returns>
    public Task<StoreResult<StoredPat>> SetAsync(
        Guid tenantId, string name, SecretText token, double? requestsPerSecond, string actor, CancellationToken cancellationToken)
    {
        StoreText.Check(name, nameof(name));
        return _changes.ChangeAsync<StoredPat>(
            async change =>
            {
                if (await TenantAsync(change, tenantId, cancellationToken).ConfigureAwait(false) is not { } tenant)
                {
                    return new(StoreOutcome.NotFound, null);
                }

                var pat = await PatAsync(change, tenantId, name, cancellationToken).ConfigureAwait(false);
                if (pat is null)
                {
                    pat = New(change, tenantId, name);
                    change.Record(actor, "pat.add", tenant, name, $"pat={token.Fingerprint}");
                }
                else if (Decrypt(pat)?.Reveal() == token.Reveal() && pat.RequestsPerSecond == requestsPerSecond)
                {
                    return new(StoreOutcome.Unchanged, Rows.Read(pat));
                }
                else
                {
                    change.Record(actor, "pat.replace", tenant, name, $"pat={pat.Fingerprint}", $"pat={token.Fingerprint}");
                }

                pat.Ciphertext = _secrets.Protect(token.Reveal(), Use(pat));
                pat.Fingerprint = token.Fingerprint;
                pat.RequestsPerSecond = requestsPerSecond;
                pat.Updated = change.Now;
                return new(StoreOutcome.Done, Rows.Read(pat));
            },
            cancellationToken);
    }

    /// <summary>The tokens of a tenant, in the order in which they were made.</summary>
    public Task<ImmutableArray<StoredPat>> ListAsync(Guid tenantId, CancellationToken cancellationToken) =>
        _changes.WithContextAsync(async context =>
    {
        var rows = await context.Pats.AsNoTracking().Where(row => row.TenantId == tenantId).OrderBy(row => row.Id)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return rows.Select(Rows.Read).ToImmutableArray();
    });

    /// <summary>Removes a token of a tenant.</summary>
    /// <param name="tenantId">Whose.</param>
    /// <param name="name">What the tenant calls it.</param>
    /// <param name="actor">Who does it.</param>
    /// <returns>Done with what is known of it, or NotFound.</returns>
    public Task<StoreResult<StoredPat>> RemoveAsync(Guid tenantId, string name, string actor, CancellationToken cancellationToken) =>
        _changes.ChangeAsync<StoredPat>(
            async change =>
            {
                var tenant = await TenantAsync(change, tenantId, cancellationToken).ConfigureAwait(false);
                var pat = await PatAsync(change, tenantId, name, cancellationToken).ConfigureAwait(false);
                if (tenant is null || pat is null)
                {
                    return new(StoreOutcome.NotFound, null);
                }

                change.Context.Pats.Remove(pat);
                change.Record(actor, "pat.remove", tenant, name, $"pat={pat.Fingerprint}");
                return new(StoreOutcome.Done, Rows.Read(pat));
            },
            cancellationToken);

    /// <summary>The token of a row; null when it is not that row's.</summary>
    internal SecretText? Decrypt(PatRow row) =>
        _secrets.Unprotect(row.Ciphertext, Use(row)) is { } token && !string.IsNullOrWhiteSpace(token) ? new SecretText(token) : null;

    private static string[] Use(PatRow row) => ["pat", row.TenantId.ToString(), row.Id.ToString()];

    private static Task<TenantRow?> TenantAsync(ChangeScope change, Guid id, CancellationToken cancellationToken) =>
        change.Context.Tenants.SingleOrDefaultAsync(row => row.Id == id, cancellationToken);

    private static Task<PatRow?> PatAsync(ChangeScope change, Guid tenantId, string name, CancellationToken cancellationToken) =>
        change.Context.Pats.SingleOrDefaultAsync(row => row.TenantId == tenantId && row.Name == name, cancellationToken);

    private PatRow New(ChangeScope change, Guid tenantId, string name)
    {
        var row = new PatRow
        {
            Id = Guid.CreateVersion7(_changes.Time.GetUtcNow()),
            TenantId = tenantId,
            Name = name,
            Ciphertext = [],
            Fingerprint = "",
            Created = change.Now,
        };
        change.Context.Pats.Add(row);
        return row;
    }
}
