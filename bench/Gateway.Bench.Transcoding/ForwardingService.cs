using Clarifai.Api;
using Gateway.Bench.Peers;
using Grpc.Core;

namespace Gateway.Bench.Transcoding;

/// <summary>The methods that the bench calls, each passed on to the upstream by the generated client.</summary>
public sealed class ForwardingService(V2.V2Client client) : V2.V2Base
{
    /// <inheritdoc/>
    public override async System.Threading.Tasks.Task<MultiOutputResponse> PostModelOutputs(PostModelOutputsRequest request, ServerCallContext context) =>
        await client.PostModelOutputsAsync(request, PeerHost.CallOptions(context.CancellationToken));

    /// <inheritdoc/>
    public override async System.Threading.Tasks.Task GenerateModelOutputs(
        PostModelOutputsRequest request, IServerStreamWriter<MultiOutputResponse> responseStream, ServerCallContext context)
    {
        using var call = client.GenerateModelOutputs(request, PeerHost.CallOptions(context.CancellationToken));
        await foreach (var message in call.ResponseStream.ReadAllAsync())
        {
            await responseStream.WriteAsync(message);
        }
    }
}
