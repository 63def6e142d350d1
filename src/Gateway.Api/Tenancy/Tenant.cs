using System.Collections.Immutable;
using Gateway.Core.Upstream;

namespace Gateway.Api.Tenancy;

/// <summary>
/// Who calls, as the gateway sees it: a tenant, by one of its keys. Immutable, and safe to log by <see cref="Name"/> and
/// <see cref="KeyName"/>.
/// </summary>
internal sealed class Tenant
{
    /// <summary>The name under which a client's own key passes through.</summary>
    public const string PassThroughName = "pass-through";

    private readonly bool _hasLists;

    /// <summary>The name in logs.</summary>
    public required string Name { get; init; }

    /// <summary>The name of the key it calls with; empty for the tenant's one key without a name, and where it needs none.</summary>
    public string KeyName { get; init; } = "";

    /// <summary>
    /// What a client brought itself, to be carried upstream; null for calls that need no credential, and for tenants, which have theirs in
    /// their <see cref="Account"/>.
    /// </summary>
    public Pat? Pat { get; init; }

    /// <summary>What tells its credentials from others' without showing them: what one may see upstream is not for another.</summary>
    public string CredentialsId { get; init; } = "";

    /// <summary>The user id of requests that name neither user nor app; empty when there is none.</summary>
    public string UserId { get; init; } = "";

    /// <summary>The app id of requests that name neither user nor app; empty when there is none.</summary>
    public string AppId { get; init; } = "";

    /// <summary>
    /// What it may do: within all of them, those of the tenant and of the key. None for a client that brings its own key, whom the upstream
    /// knows.
    /// </summary>
    public ImmutableArray<Grant> Grants
    {
        get;
        init
        {
            field = value;
            _hasLists = value.Any(grant => grant.IsRestricted);
        }
    }

    = [];

    /// <summary>Whether its calls may name no other user and app than its own.</summary>
    public bool IsConfined { get; init; }

    /// <summary>The hash of the key it calls with; null where it needs none.</summary>
    public KeyHash? Key { get; init; }

    /// <summary>Its limits and tokens, and what is taken of them; null for a client that brings its own key.</summary>
    public Account? Account { get; init; }

    /// <summary>Whether it is a client that brings its own key.</summary>
    public bool IsPassThrough => Grants.IsEmpty;

    /// <summary>Whether what calls name matters.</summary>
    public bool IsRestricted => IsConfined || _hasLists;

    /// <summary>The models that it is limited to; null when it is not.</summary>
    public IEnumerable<ResourceId>? ListedModels =>
        Grants.Select(grant => grant.Allowed).FirstOrDefault(allowed => allowed is not null)?.Models;

    /// <summary>The same tenant, calling with a key.</summary>
    /// <param name="keyName">The key's name.</param>
    /// <param name="key">The key's hash.</param>
    /// <param name="grants">What it may do then.</param>
    /// <param name="account">The key's account.</param>
    public Tenant With(string keyName, KeyHash key, ImmutableArray<Grant> grants, Account account) => new()
    {
        Name = Name,
        KeyName = keyName,
        Key = key,
        CredentialsId = CredentialsId,
        UserId = UserId,
        AppId = AppId,
        Grants = grants,
        IsConfined = IsConfined,
        Account = account,
    };

    /// <summary>A tenant for one request of a client that brings its own key.</summary>
    public static Tenant PassThrough(Pat? key) => new()
    {
        Name = PassThroughName,
        Pat = key,
        CredentialsId = key?.Fingerprint ?? "",
    };
}
