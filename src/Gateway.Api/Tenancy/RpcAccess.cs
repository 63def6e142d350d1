using System.Buffers;
using System.Collections.Immutable;
using Clarifai.Auth.Util;
using Gateway.Api.Errors;
using Gateway.Core.Schema;
using Microsoft.Extensions.Primitives;

namespace Gateway.Api.Tenancy;

/// <summary>Who may call an RPC, or one of several with the same request, and what with. Compiled once.</summary>
internal sealed class RpcAccess
{
    private readonly PageOrigins _pages;
    private readonly ImmutableArray<RpcRule> _rpcs;
    private readonly NameReader _names;
    private readonly bool _needsKey;

    private RpcAccess(ImmutableArray<RpcRule> rpcs, NameReader names, bool needsKey, PageOrigins pages)
    {
        _rpcs = rpcs;
        _names = names;
        _needsKey = needsKey;
        _pages = pages;
    }

    /// <summary>Compiles the rules of one RPC.</summary>
    /// <param name="tables">What requests name.</param>
    /// <param name="pages">The web pages that may call without a key.</param>
    internal static RpcAccess To(RpcPlan rpc, NameFieldSets tables, PageOrigins pages)
    {
        var rule = RpcRule.Of(rpc);
        var needsKey = rpc.Descriptor.GetOptions().GetExtension(AccessExtensions.Credential) != Credential.None;
        return new RpcAccess([rule], new NameReader(rpc, rule, tables), needsKey, pages);
    }

    /// <summary>Who may call any of several RPCs: this one and others that have the same request.</summary>
    public RpcAccess Or(params IEnumerable<RpcAccess> others) =>
        new([.. _rpcs, .. others.SelectMany(other => other._rpcs)], _names, _needsKey, _pages);

    /// <summary>Finds who calls, and whether they may call it at all.</summary>
    /// <param name="authorization">
    /// What the header <c>Authorization</c> holds, or would hold where the key may come by another way.
    /// </param>
    /// <param name="tenants">The tenants in force.</param>
    /// <param name="tenant">The caller; null when nobody is.</param>
    /// <returns>Why the caller is refused; null when it is not.</returns>
    public ApiError? Identify(HttpContext http, StringValues authorization, TenantSnapshot tenants, out Tenant? tenant)
    {
        // Browsers let any page send a request to any host. What needs no key of the page must not run on the tenant's token.
        if (authorization.Count == 0 && tenants.Default is not null && _pages.IsForeign(http.Request))
        {
            tenant = null;
            return ApiErrors.CrossSite;
        }

        return Authenticator.Identify(
            tenants, authorization, http.Request.Headers[Authenticator.SessionHeader], _needsKey, http.Features
                .Get<ConnectionIdentity>(), out tenant) ?? Admit(tenant!);
    }

    /// <summary>Whether a tenant may make the call at all, whatever it names.</summary>
    /// <returns>Why it is refused; null when it is not.</returns>
    public ApiError? Admit(Tenant tenant)
    {
        if (!tenant.IsPassThrough && tenant.Account?.Credentials is null)
        {
            return ApiErrors.NoToken(tenant.Name);
        }

        ApiError? refusal = null;
        foreach (var rpc in _rpcs)
        {
            if (RefusalOf(rpc, tenant) is not { } why)
            {
                return null;
            }

            refusal ??= why;
        }

        return refusal;
    }

    /// <summary>Checks a request message, as it goes upstream, against what the tenant may do.</summary>
    /// <returns>Why it is refused; null when it is not.</returns>
    public ApiError? Check(Tenant tenant, in ReadOnlySequence<byte> message) =>
        Admit(tenant) ?? (tenant.IsRestricted ? Judge(tenant, _names.Read(message)) : null);

    /// <summary>The same before there is a message, by what it will name.</summary>
    public ApiError? Check(Tenant tenant, CallNames names) => Admit(tenant) ?? (tenant.IsRestricted ? Judge(tenant, names) : null);

    /// <summary>Checks what a path names before there is a message: as far as no message can make up for it.</summary>
    /// <returns>Why it is refused; null when it is not.</returns>
    public ApiError? CheckPath(Tenant tenant, in ReadOnlySequence<byte> path)
    {
        var own = _rpcs[0].Own;
        if (!tenant.IsRestricted || _names.Read(path) is not { Resource: { UserId.Length: > 0 } named } names)
        {
            return null;
        }

        if (own != OwnResource.None && named.Id.Length > 0)
        {
            foreach (var grant in tenant.Grants)
            {
                if (grant.Allowed?.Allows(own, named) == false)
                {
                    return ApiErrors.NotListed(grant.Holder);
                }
            }
        }

        return tenant.IsConfined && !IsWithin(tenant, names) ? ApiErrors.NotWithin(tenant.Name) : null;
    }

    /// <summary>What a message names, to be judged again.</summary>
    internal CallNames Read(in ReadOnlySequence<byte> message) => _names.Read(message);

    /// <summary>Judges what a message has named.</summary>
    /// <returns>Why it is refused; null when it is not.</returns>
    internal ApiError? Judge(Tenant tenant, CallNames names)
    {
        foreach (var grant in tenant.Grants)
        {
            if (Judge(grant, tenant.IsConfined, names) is { } refusal)
            {
                return refusal;
            }
        }

        return tenant.IsConfined && !IsWithin(tenant, names) ? ApiErrors.NotWithin(tenant.Name) : null;
    }

    private ApiError? Judge(Grant grant, bool isConfined, CallNames names)
    {
        var own = _rpcs[0].Own;
        return names.IsUnread && (isConfined || grant.Denied is not null || own != OwnResource.None)
                ? ApiErrors.NotUnderstood(grant.Holder) // whatever else was read is not all that it names
            : grant.Denied?.Deny(own, names) == true ? ApiErrors.Denied(grant.Holder)
            : grant.Denied is not null && names.NamesOpaque ? ApiErrors.MayBeDenied(grant.Holder)
            : grant.Allowed is not { } allowed || own == OwnResource.None ? null
            : !allowed.Allows(own, names) ? ApiErrors.NotListed(grant.Holder)
            : names.NamesOther ? ApiErrors.OtherNamed(grant.Holder)
            : null;
    }

    private bool IsWithin(Tenant tenant, CallNames names)
    {
        var (user, app, _) = names.Resource;
        return names.NamesNoUserBut(tenant.UserId)
            && (tenant.AppId.Length == 0 || names.NamesNoAppBut(tenant.AppId))
            && (!_names.HasOwner || (user == tenant.UserId && (tenant.AppId.Length == 0 || app == tenant.AppId)));
    }

    private static ApiError? RefusalOf(RpcRule rpc, Tenant tenant)
    {
        foreach (var grant in tenant.Grants)
        {
            if (RefusalOf(rpc, grant) is { } refusal)
            {
                return refusal;
            }
        }

        return tenant.IsConfined && tenant.AppId.Length > 0 && rpc.Owner == RpcOwner.User ? ApiErrors.NotWithin(tenant.Name) : null;
    }

    private static ApiError? RefusalOf(RpcRule rpc, Grant grant) =>
        grant.Rpcs.Deny(rpc) ? ApiErrors.RpcDenied(grant.Holder, rpc.Name)
        : !grant.Rpcs.Allow(rpc) ? ApiErrors.NotPermitted(grant.Holder, grant.Setting, rpc.Name, RpcGroups.NameOf(rpc.Group))
        : grant.Allowed is not null && rpc.Own == OwnResource.None && !grant.Rpcs.Name(rpc)
            ? ApiErrors.NotNamed(grant.Holder, grant.Setting, rpc.Name)
        : null;
}
