using Gateway.Api.Calls;
using Gateway.Core.Schema;
using Gateway.Grpc;

namespace Gateway.Api.Grpc;

/// <summary>One request, one response.</summary>
internal sealed class UnaryForwardHandler(RpcPlan rpc, CallServices services) : ForwardHandler(rpc, services)
{
    /// <inheritdoc/>
    protected override async Task<GrpcStatus> ForwardAsync(ForwardedCall call)
    {
        var client = call.Client;
        using var message = await client.ReadSingleAsync();
        if (Admit(call, message, out var request) is { } refusal)
        {
            return refusal;
        }

        var upstreamCall = call.With(RequestTimeout.Shorter(Services.UnaryTimeout, client.Timeout), client.CancellationToken);
        using var result = await call.Upstream.CallAsync(Rpc, request, upstreamCall);
        client.CompressResponse = result.AnnouncesGzip;
        ForwardedMetadata.CopyResponse(result.Headers, client.ResponseHeaders);
        ForwardedMetadata.CopyResponse(result.Trailers, client.ResponseTrailers);
        if (result.Message is { } response)
        {
            await AnswerAsync(call, response);
        }

        return GatewayStatus.Of(result.Status);
    }
}
