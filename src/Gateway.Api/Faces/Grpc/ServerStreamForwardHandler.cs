using Gateway.Api.Pipeline;
using Grpc.Core;

namespace Gateway.Api.Faces.Grpc;

/// <summary>One request, many responses, each sent as it comes.</summary>
internal sealed class ServerStreamForwardHandler(ForwardAdmission admission, OutgoingCalls calls) : IForwardHandler
{
    public async Task<Status> ForwardAsync(ForwardedCall call)
    {
        var client = call.Client;
        using var message = await client.ReadSingleAsync();
        if (admission.Admit(call, message, out var request) is { } refusal)
        {
            return refusal;
        }

        await using var stream = call.Upstream.Stream(
            admission.Rpc, request, calls.AsStream(call.With(client.TimeLeft, client.CancellationToken)));
        var response = await stream.ReadAsync(call.Over);
        message.Dispose();
        client.Release();
        ForwardedMetadata.CopyResponse(stream.Headers, client.Headers, stream.Credential);
        for (; response is not null; response = await stream.ReadAsync(call.Over))
        {
            using (response)
            {
                await client.WriteAsync(response);
            }
        }

        ForwardedMetadata.CopyResponse(stream.Trailers, client.Trailers, stream.Credential);
        return GatewayStatus.Of(stream.Outcome);
    }
}
