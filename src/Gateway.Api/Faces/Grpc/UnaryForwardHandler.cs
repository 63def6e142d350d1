using Gateway.Api.Pipeline;
using Grpc.Core;

namespace Gateway.Api.Faces.Grpc;

/// <summary>One request, one response.</summary>
internal sealed class UnaryForwardHandler(ForwardAdmission admission, OutgoingCalls calls) : IForwardHandler
{
    public async Task<Status> ForwardAsync(ForwardedCall call)
    {
        var client = call.Client;
        using var message = await client.ReadSingleAsync();
        if (admission.Admit(call, message, out var request) is { } refusal)
        {
            return refusal;
        }

        var upstreamCall = calls.AsUnary(call.With(client.TimeLeft, client.CancellationToken));
        using var result = await call.Upstream.CallAsync(admission.Rpc, request, upstreamCall);
        ForwardedMetadata.CopyResponse(result.Headers, client.Headers, result.Credential);
        ForwardedMetadata.CopyResponse(result.Trailers, client.Trailers, result.Credential);
        if (result.Message is { } response)
        {
            await client.WriteAsync(response);
        }

        return GatewayStatus.Of(result.Outcome);
    }
}
