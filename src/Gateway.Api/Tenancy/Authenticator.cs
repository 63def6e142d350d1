using Gateway.Api.Errors;
using Gateway.Core.Upstream;
using Microsoft.Extensions.Primitives;

namespace Gateway.Api.Tenancy;

/// <summary>
/// Finds who calls from the header <c>Authorization</c>: <c>Key …</c> or <c>Bearer …</c> (RFC 9110, 11.6.2; RFC 6750), or the key
/// alone. Where keys pass through, the token of a session does as well as a key, or beside it; the gateway's own tenants have none.
/// </summary>
internal static class Authenticator
{
    /// <summary>The header that brings the token of a session.</summary>
    public const string SessionHeader = "X-Clarifai-Session-Token";

    private static readonly string[] Schemes = ["Bearer", "Key"];

    /// <summary>Identifies the caller.</summary>
    /// <param name="tenants">The tenants in force.</param>
    /// <param name="authorization">The header as it came.</param>
    /// <param name="sessionToken">The header <see cref="SessionHeader"/> as it came.</param>
    /// <param name="needsKey">False for an RPC that anyone may call.</param>
    /// <param name="connection">What the request's connection knows already; null where there is no such thing.</param>
    /// <param name="tenant">The caller; null when refused.</param>
    /// <returns>Why the caller is refused; null when it is not.</returns>
    public static ApiError? Identify(
        TenantSnapshot tenants,
        StringValues authorization,
        StringValues sessionToken,
        bool needsKey,
        ConnectionIdentity? connection,
        out Tenant? tenant)
    {
        if (sessionToken.Count == 0 || !tenants.PassesKeysThrough)
        {
            return Identify(tenants, authorization, needsKey, connection, out tenant);
        }

        if (sessionToken is not [{ Length: > 0 } token] || !TokenText.CanTravel(token))
        {
            tenant = null;
            return ApiErrors.SessionTokenMalformed;
        }

        var error = Identify(tenants, authorization, needsKey: false, connection, out tenant);
        tenant = error is null ? Tenant.PassThrough(Pat.OfSession(tenant!.Pat, token)) : null;
        return error;
    }

    private static ApiError? Identify(
        TenantSnapshot tenants, StringValues authorization, bool needsKey, ConnectionIdentity? connection, out Tenant? tenant)
    {
        tenant = null;
        if (authorization.Count == 0)
        {
            tenant = tenants.Default ?? (needsKey ? null : Tenant.PassThrough(null));
            return tenant is null ? ApiErrors.KeyMissing : null;
        }

        if (authorization.Count > 1)
        {
            return ApiErrors.KeyMalformed;
        }

        var header = authorization[0];
        tenant = connection?.Recall(header, tenants);
        return tenant is null ? Identify(tenants, header, connection, out tenant) : null;
    }

    private static ApiError? Identify(TenantSnapshot tenants, string? header, ConnectionIdentity? connection, out Tenant? tenant)
    {
        tenant = null;
        var key = KeyIn(header);
        if (key.IsEmpty)
        {
            return ApiErrors.KeyMalformed;
        }

        // A key of the gateway's own is no business of the upstream's, whatever became of the tenants here.
        tenant = !tenants.PassesKeysThrough ? tenants.Find(key)
            : GatewayKey.IsOne(key) ? null
            : Tenant.PassThrough(new Pat(key.ToString()));
        if (tenant is null)
        {
            return tenants.IsIncomplete ? ApiErrors.StoreDown : ApiErrors.KeyUnknown;
        }

        connection?.Remember(header!, tenants, tenant);
        return null;
    }

    /// <summary>
    /// The key in a header, with or without a scheme in front: generated clients send what they were given. Empty when there is none as it
    /// should be.
    /// </summary>
    public static ReadOnlySpan<char> KeyIn(string? header)
    {
        var key = header.AsSpan();
        foreach (var scheme in Schemes)
        {
            // A key may be given with its scheme to who adds one: Bearer Key …
            if (key.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
                && (key.Length == scheme.Length || key[scheme.Length] == ' '))
            {
                key = key[scheme.Length..].Trim(' ');
            }
        }

        return TokenText.CanTravel(key) ? key : default;
    }
}
