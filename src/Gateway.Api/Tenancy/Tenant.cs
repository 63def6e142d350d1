using Gateway.Core.Upstream;

namespace Gateway.Api.Tenancy;

/// <summary>Who calls, as the gateway sees it: immutable, and safe to log by <see cref="Name"/>.</summary>
internal sealed class Tenant
{
    /// <summary>The name under which a client's own key passes through.</summary>
    public const string PassThroughName = "pass-through";

    /// <summary>The name in logs.</summary>
    public required string Name { get; init; }

    /// <summary>What the tenant's calls carry upstream; null only for calls that need no credential.</summary>
    public Pat? Pat { get; init; }

    /// <summary>The user id of requests that name neither user nor app; empty when there is none.</summary>
    public string UserId { get; init; } = "";

    /// <summary>The app id of requests that name neither user nor app; empty when there is none.</summary>
    public string AppId { get; init; } = "";

    /// <summary>The models and workflows the tenant is limited to; null when it is not.</summary>
    public AllowedResources? Allowed { get; init; }

    /// <summary>The RPCs that it may call; null for a client that brings its own key, whom the upstream knows.</summary>
    public RpcPermissions? Rpcs { get; init; }

    /// <summary>Whether its calls may name no other user and app than its own.</summary>
    public bool IsConfined { get; init; }

    /// <summary>The hash of the key it calls with; null where it needs none.</summary>
    public KeyHash? Key { get; init; }

    /// <summary>Whether what calls name matters.</summary>
    public bool IsRestricted => IsConfined || Allowed is not null;

    /// <summary>A tenant for one request of a client that brings its own key.</summary>
    public static Tenant PassThrough(Pat? key) => new() { Name = PassThroughName, Pat = key };
}
