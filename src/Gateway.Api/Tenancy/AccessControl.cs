using System.Collections.Frozen;
using Gateway.Api.Configuration;
using Gateway.Api.Errors;
using Gateway.Api.Lifetime;
using Gateway.Core.Schema;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Gateway.Api.Tenancy;

/// <summary>Who may call what: what each RPC asks of its callers, and the tenants in force. Thread-safe.</summary>
internal sealed class AccessControl
{
    private readonly FrozenDictionary<RpcPlan, RpcAccess> _rpcs;
    private readonly TenantDirectory _tenants;
    private readonly Drain _drain;

    /// <summary>Compiles what the RPCs ask.</summary>
    public AccessControl(IOptions<GatewayOptions> options, ApiSchema schema, TenantDirectory tenants, Drain drain)
    {
        var pages = new PageOrigins(options.Value.Cors);
        var names = new NameFieldSets();
        _rpcs = schema.Rpcs.ToFrozenDictionary(rpc => rpc, rpc => RpcAccess.To(rpc, names, pages));
        _tenants = tenants;
        _drain = drain;
    }

    /// <summary>Who may call an RPC.</summary>
    public RpcAccess To(RpcPlan rpc) => _rpcs[rpc];

    /// <summary>Finds who calls, and whether they may call it at all.</summary>
    /// <param name="access">Who may.</param>
    /// <param name="authorization">What the header <c>Authorization</c> holds, or would hold where the key may come by another way.</param>
    /// <param name="tenant">The caller; null when nobody is.</param>
    /// <returns>Why the caller is refused; null when it is not.</returns>
    public ApiError? Identify(HttpContext http, RpcAccess access, StringValues authorization, out Tenant? tenant) =>
        access.Identify(http, authorization, _tenants.Current, out tenant);

    /// <summary>Keeps an eye on a call that may last.</summary>
    /// <param name="access">Who may make it.</param>
    /// <param name="tenant">Who makes it.</param>
    /// <returns>The call, to be disposed; it is over when the gateway's time is, too.</returns>
    public LiveCall Watch(RpcAccess access, Tenant tenant) => _tenants.Watch(access, tenant, _drain.Expired);
}
