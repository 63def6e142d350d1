using System.Buffers;
using Clarifai.Auth.Util;
using Gateway.Api.Errors;
using Gateway.Core.Schema;
using Microsoft.Extensions.Primitives;

namespace Gateway.Api.Tenancy;

/// <summary>Who may call one RPC, and what with. Compiled once per RPC.</summary>
public sealed class RpcAccess
{
    private readonly ResourceGate _gate;
    private readonly bool _needsKey;

    /// <summary>Compiles the rules of one RPC.</summary>
    public RpcAccess(RpcPlan rpc)
    {
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
    public ApiError? Identify(HttpContext http, StringValues authorization, TenantSnapshot tenants, out Tenant? tenant) =>
        Authenticator.Identify(tenants, authorization, _needsKey, http.Features.Get<ConnectionIdentity>(), out tenant);

    /// <summary>Checks a request message, as it goes upstream, against what the tenant is limited to.</summary>
    /// <returns>Why it is refused; null when it is not.</returns>
    public ApiError? Check(Tenant tenant, in ReadOnlySequence<byte> message) =>
        tenant.Allowed is { } allowed && !_gate.Allows(allowed, message) ? ApiErrors.NotAllowed(tenant.Name) : null;
}
