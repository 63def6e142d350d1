using System.Text.Json.Nodes;
using Gateway.Api.Configuration;
using Gateway.Api.Tenancy;
using Gateway.Store;
using Gateway.Store.Definitions;

namespace Gateway.Api.Stored;

/// <summary>
/// What an operator does to the keys of the store's tenants: checked by the rules of the configuration, and written down with who did it.
/// Failures of the store are <see cref="StoreException"/>s.
/// </summary>
/// <param name="tenants">Finds tenants.</param>
/// <param name="keys">The store's keys.</param>
/// <param name="time">The clock of what ends.</param>
/// <param name="actor">Who does it.</param>
internal sealed class KeyAdministration(TenantAdministration tenants, KeyStore keys, TimeProvider time, string actor)
{
    // Enough to know a key by, of its 43 random digits.
    private const int ShownDigits = 4;

    /// <summary>How long a key works beside the one that replaces it, unless it is said.</summary>
    public static readonly TimeSpan DefaultOverlap = TimeSpan.FromDays(1);

    /// <summary>Makes a key for a tenant. Its name is taken until it is revoked.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="name">Its name.</param>
    /// <param name="settings">What it opens of what the tenant may do.</param>
    /// <param name="expires">When it ends; null for never.</param>
    public async Task<OperationResult<IssuedKey>> CreateAsync(
        string tenant, string name, JsonObject settings, DateTimeOffset? expires, CancellationToken cancellationToken)
    {
        var owner = await tenants.GetAsync(tenant, cancellationToken);
        var text = SettingsPatch.None;
        var misnamed = owner.Fault ?? DefinitionName.FaultOf("key", name);
        if ((misnamed ?? Patched(SettingsPatch.None, settings, out text) ?? FaultOf(expires)) is { } fault)
        {
            return fault;
        }

        var made = New(text, expires);
        var added = await keys.AddAsync(owner.Value!.Id, name, made.Stored, actor, cancellationToken);
        return added.Outcome switch
        {
            StoreOutcome.Done => new OperationResult<IssuedKey>(new IssuedKey(added.Value!, made.Secret), null, IsNew: true),
            StoreOutcome.NotFound => OperationFault.NoTenant(tenant),
            _ => new OperationFault(
                OperationFaultKind.NameTaken,
                $"Tenant {tenant} has a key {name}, which was shown when it was made: rotate it for another one, or revoke it."),
        };
    }

    /// <summary>A part of a tenant's keys, the revoked and replaced ones as well, in the order in which they were made.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="after">What the part before said comes next; null for the first.</param>
    /// <param name="count">How many at most.</param>
    public async Task<OperationResult<StorePage<StoredKey>>> ListAsync(
        string tenant, string? after, int count, CancellationToken cancellationToken)
    {
        var owner = await tenants.GetAsync(tenant, cancellationToken);
        return owner.Fault is { } fault
            ? fault
            : await StorePages.ReadAsync(() => keys.ListAsync(owner.Value!.Id, after, count, cancellationToken));
    }

    /// <summary>The key of a name that is neither revoked nor replaced.</summary>
    public async Task<OperationResult<StoredKey>> GetAsync(string tenant, string name, CancellationToken cancellationToken)
    {
        var owner = await tenants.GetAsync(tenant, cancellationToken);
        return owner.Fault is { } fault ? fault
            : DefinitionName.IsOne(name) && await keys.GetAsync(owner.Value!.Id, name, cancellationToken) is { } key ? key
            : OperationFault.NoKey(tenant, name);
    }

    /// <summary>Changes what a key opens, or when it ends.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="name">Which.</param>
    /// <param name="version">The version that the change is meant for; null for whichever there is.</param>
    /// <param name="patch">What is to change of its settings, as <see cref="SettingsPatch"/> has it.</param>
    /// <param name="changeEnd">When it is to end, by when it would; null for never.</param>
    public async Task<OperationResult<StoredKey>> ChangeAsync(
        string tenant,
        string name,
        long? version,
        JsonObject patch,
        Func<DateTimeOffset?, DateTimeOffset?> changeEnd,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = await GetAsync(tenant, name, cancellationToken);
            if (found.Value is not { } key)
            {
                return found;
            }

            if (version is { } meant && meant != key.Version)
            {
                return OperationFault.Conflict($"Key {name}");
            }

            var expires = changeEnd(key.Expires);
            if ((Patched(key.Settings, patch, out var text) ?? (expires == key.Expires ? null : FaultOf(expires))) is { } fault)
            {
                return fault;
            }

            var changed = await keys.ChangeAsync(key.TenantId, key.Id, key.Version, text, expires, actor, cancellationToken);
            if (changed.IsDone)
            {
                return changed.Value!;
            }

            // Changed in between: see TenantAdministration.
        }
    }

    /// <summary>Makes another key in place of one, which works on for a while.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="name">Which; the new one has the name from now on.</param>
    /// <param name="version">The version that is meant; null for whichever there is.</param>
    /// <param name="overlap">For how long the old one works on.</param>
    /// <param name="expires">When the new one ends; null for when the old one would have.</param>
    public async Task<OperationResult<IssuedKey>> RotateAsync(
        string tenant, string name, long? version, TimeSpan overlap, DateTimeOffset? expires, CancellationToken cancellationToken)
    {
        var found = await GetAsync(tenant, name, cancellationToken);
        if (found.Value is not { } key)
        {
            return found.Fault!;
        }

        var end = expires ?? key.Expires;
        if (FaultOf(end) is { } fault)
        {
            return fault;
        }

        var made = New(key.Settings, end);
        var rotated = await keys.RotateAsync(
            key.TenantId, key.Id, version, made.Stored, time.GetUtcNow() + overlap, actor, cancellationToken);
        return rotated.Outcome switch
        {
            StoreOutcome.Done => new OperationResult<IssuedKey>(new IssuedKey(rotated.Value!, made.Secret), null, IsNew: true),
            StoreOutcome.VersionConflict => OperationFault.Conflict($"Key {name}"),
            StoreOutcome.NotLive => new OperationFault(OperationFaultKind.Ended, $"Key {name} has been revoked or replaced just now."),
            _ => OperationFault.NoKey(tenant, name),
        };
    }

    /// <summary>Makes a key work no more, nor those that it has replaced.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="name">Which.</param>
    /// <param name="version">The version that is meant; null for whichever there is.</param>
    public async Task<OperationResult<StoredKey>> RevokeAsync(
        string tenant, string name, long? version, CancellationToken cancellationToken)
    {
        var found = await GetAsync(tenant, name, cancellationToken);
        if (found.Value is not { } key)
        {
            return found;
        }

        if (version is { } meant && meant != key.Version)
        {
            return OperationFault.Conflict($"Key {name}");
        }

        var all = await StorePages.ReadAllAsync(after => ListAsync(tenant, after, StorePages.MaxCount, cancellationToken));
        if (all.Fault is { } fault)
        {
            return fault;
        }

        // Itself last: it is found by its name, should this end half-way.
        foreach (var replaced in all.Value!.Where(one => one.Name == key.Name && one.Id != key.Id && one.WorksAt(time.GetUtcNow())))
        {
            await keys.RevokeAsync(key.TenantId, replaced.Id, actor, cancellationToken);
        }

        var revoked = await keys.RevokeAsync(key.TenantId, key.Id, actor, cancellationToken);
        return revoked.IsDone ? revoked.Value! : OperationFault.NoKey(tenant, name);
    }

    private static (NewKey Stored, SecretText Secret) New(string settings, DateTimeOffset? expires)
    {
        var key = GatewayKey.Create();
        return (new NewKey(KeyHash.Of(key).ToString(), GatewayKey.Shown(key, ShownDigits), settings, expires), new SecretText(key));
    }

    private static OperationFault? Patched(string current, JsonObject patch, out string text) =>
        SettingsPatch.Apply<KeySettings>(current, patch, TenantOptionsValidator.CheckSettings, out text);

    private OperationFault? FaultOf(DateTimeOffset? expires) =>
        expires <= time.GetUtcNow() ? OperationFault.Invalid("expires", "expires is a time that is over: the key would not work.") : null;
}
