using System.Buffers;
using Clarifai.Auth.Util;
using Gateway.Api.Errors;
using Gateway.Core.Schema;
using Microsoft.Extensions.Primitives;

namespace Gateway.Api.Tenancy;

/// <summary>Who may call one RPC, and what with. Compiled once per RPC.</summary>
public sealed class RpcAccess
{
    private readonly PageOrigins _pages;
    private readonly ResourceGate _gate;
    private readonly bool _needsKey;

    /// <summary>Compiles the rules of one RPC.</summary>
    /// <param name="rpc">The RPC.</param>
    /// <param name="pages">The web pages that may call without a key.</param>
    public RpcAccess(RpcPlan rpc, PageOrigins pages)
    {
        _pages = pages;
        _gate = new ResourceGate(rpc.Request);
        _needsKey = rpc.Descriptor.GetOptions().GetExtension(AccessExtensions.Credential) != Credential.None;
    }

    /// <summary>Finds who calls.</summary>
    /// <param name="http">The request.</param>
    /// <param name="tenants">The tenants in force.</param>
    /// <param name="tenant">The caller; null when refused.</param>
    /// <returns>Why the caller is refused; null when it is not.</returns>
    public ApiError? Identify(HttpContext http, TenantSnapshot tenants, out Tenant? tenant) =>
        Identify(http, http.Request.Headers.Authorization, tenants, out tenant);

    /// <summary>Finds who calls, where the key may come by another way than the header.</summary>
    /// <param name="http">The request.</param>
    /// <param name="authorization">What the header <c>Authorization</c> would hold.</param>
    /// <param name="tenants">The tenants in force.</param>
    /// <param name="tenant">The caller; null when refused.</param>
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
            tenants, authorization, http.Request.Headers[Authenticator.SessionHeader], _needsKey, http.Features.Get<ConnectionIdentity>(), out tenant);
    }

    /// <summary>Checks a request message, as it goes upstream, against what the tenant is limited to.</summary>
    /// <returns>Why it is refused; null when it is not.</returns>
    public ApiError? Check(Tenant tenant, in ReadOnlySequence<byte> message) =>
        tenant.Allowed is { } allowed && !_gate.Allows(allowed, message) ? ApiErrors.NotAllowed(tenant.Name) : null;
}
