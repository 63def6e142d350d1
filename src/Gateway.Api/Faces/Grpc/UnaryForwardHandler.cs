using Gateway.Api.Pipeline;
using Gateway.Core.Schema;
using Grpc.Core;

namespace Gateway.Api.Faces.Grpc;

/// <summary>One request, one response.</summary>
internal sealed class UnaryForwardHandler(RpcPlan rpc, CallServices services) : ForwardHandler(rpc, services)
{
    /// <inheritdoc/>
    protected override async Task<Status> ForwardAsync(ForwardedCall call)
    {
        var client = call.Client;
        using var message = await client.ReadSingleAsync();
        if (Admit(call, message, out var request) is { } refusal)
        {
            return refusal;
        }

        var upstreamCall = call.With(RequestTimeout.Shorter(Services.UnaryTimeout, client.TimeLeft), client.CancellationToken);
        using var result = await call.Upstream.CallAsync(Rpc, request, upstreamCall);
        ForwardedMetadata.CopyResponse(result.Headers, client.Headers, call.Tenant.Pat);
        ForwardedMetadata.CopyResponse(result.Trailers, client.Trailers, call.Tenant.Pat);
        if (result.Message is { } response)
        {
            await client.WriteAsync(response);
        }

        return GatewayStatus.Of(result.Outcome);
    }
}
