using Gateway.Api.Tenancy;
using Gateway.Core.Upstream;
using Grpc.Core;

namespace Gateway.Api.Faces.Grpc;

/// <summary>One call on its way through the gateway.</summary>
/// <param name="Client">The client's side of it.</param>
/// <param name="Caller">Who calls, as of the call's beginning.</param>
/// <param name="Live">The call, as tenants know it; null for one that does not last.</param>
/// <param name="Upstream">Where it goes, with the tenant's credential.</param>
/// <param name="Metadata">The client's metadata that goes there.</param>
internal sealed record ForwardedCall(ForwardedClient Client, Tenant Caller, LiveCall? Live, ClarifaiClient Upstream, Metadata Metadata)
{
    /// <summary>Who calls, as of now.</summary>
    public Tenant Tenant => Live?.Tenant ?? Caller;

    /// <summary>Fires when the call may not go on.</summary>
    public CancellationToken Over => Live?.Over ?? CancellationToken.None;

    /// <summary>Whether a message of the client has named a user or an app.</summary>
    public bool NamesUserOrApp { get; set; }

    /// <summary>What the upstream call carries besides messages.</summary>
    /// <param name="timeout">How long it may take; null for as long as it lasts.</param>
    /// <param name="cancellationToken">Resets it.</param>
    public UpstreamCall With(TimeSpan? timeout, CancellationToken cancellationToken) =>
        new(Client.Http.TraceIdentifier, timeout, cancellationToken)
        {
            Memory = Client.Share,
            Waits = Client.Record,
            Metadata = Metadata,
        };
}
