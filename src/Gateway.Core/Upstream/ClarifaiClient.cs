using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using Clarifai.Api;
using Gateway.Core.Schema;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Retries;
using Grpc.Core;
using Status = Clarifai.Api.Status.Status;
using StatusCode = Clarifai.Api.Status.StatusCode;

namespace Gateway.Core.Upstream;

/// <summary>
/// The Clarifai API on behalf of one tenant: payload calls for any RPC, and typed calls for the RPCs that the gateway's own
/// code makes. Made by <see cref="ClarifaiClientFactory"/>.
/// </summary>
public readonly struct ClarifaiClient
{
    private readonly UpstreamCluster _upstream;
    private readonly Pat? _credential;

    internal ClarifaiClient(UpstreamCluster upstream, Pat? credential)
    {
        _upstream = upstream;
        _credential = credential;
    }

    /// <summary>Calls a unary RPC with the bytes of its request, and again where that may help and time allows.</summary>
    /// <param name="rpc">The RPC.</param>
    /// <param name="request">The request message; it stays the caller's, untouched until the task completes.</param>
    /// <param name="call">Who asks, and for how long.</param>
    /// <returns>The outcome of the last attempt, to be disposed; it is where failures are.</returns>
    /// <exception cref="OperationCanceledException">The caller's own token fired.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<UnaryResult<Payload>> CallAsync(RpcPlan rpc, ReadOnlySequence<byte> request, UpstreamCall call)
    {
        var attempts = new Attempts(_upstream, call);
        while (true)
        {
            var channel = attempts.Begin().Channel;
            var result = await channel.UnaryAsync(rpc, request, attempts.Call, Metadata(call, attempts.Count));
            var code = (StatusCode)(result.Message?.Status.Code ?? 0);
            if (attempts.End(result, code) is not { } wait)
            {
                result.Hide(_credential, code);
                return result;
            }

            result.Dispose();
            await attempts.WaitAsync(wait, call.CancellationToken);
        }
    }

    /// <summary>
    /// Opens a server-streaming RPC with the bytes of its request. The first read makes the call, and again where that may help and
    /// time allows.
    /// </summary>
    /// <param name="rpc">The RPC.</param>
    /// <param name="request">The request message; it stays the caller's, untouched until the first read, or the disposal,
    /// completes.</param>
    /// <param name="call">Who asks, and for how long.</param>
    /// <returns>The stream, to be disposed; disposing it early resets it.</returns>
    public UpstreamStream Stream(RpcPlan rpc, ReadOnlySequence<byte> request, UpstreamCall call) =>
        new(this, _upstream, rpc, request, call);

    /// <summary>Opens an RPC that streams both ways. It is made once: what was written cannot be written again.</summary>
    /// <param name="rpc">The RPC.</param>
    /// <param name="call">Who asks, and for how long.</param>
    /// <returns>The stream, to be disposed; disposing it early resets it.</returns>
    public UpstreamDuplex Duplex(RpcPlan rpc, UpstreamCall call)
    {
        var endpoint = _upstream.Pick(tried: null);
        var timeout = call.Timeout;
        return endpoint.Channel.DuplexStreaming(
            rpc, call, Metadata(call, attempt: 1), _credential, outcome => endpoint.Report(outcome, timeout));
    }

    /// <summary>Asks what a status code means: the cheapest call of the API that needs no credential.</summary>
    public Task<UnaryResult<SingleStatusCodeResponse>> GetStatusCodeAsync(GetStatusCodeRequest request, UpstreamCall call) =>
        CallAsync(call, (client, options) => client.GetStatusCodeAsync(request, options), response => response.Status);

    /// <summary>Asks for a model and its latest version.</summary>
    public Task<UnaryResult<SingleModelResponse>> GetModelAsync(GetModelRequest request, UpstreamCall call) =>
        CallAsync(call, (client, options) => client.GetModelAsync(request, options), response => response.Status);

    /// <summary>Asks for the models of an app.</summary>
    public Task<UnaryResult<MultiModelResponse>> ListModelsAsync(ListModelsRequest request, UpstreamCall call) =>
        CallAsync(call, (client, options) => client.ListModelsAsync(request, options), response => response.Status);

    /// <summary>Asks for a version of a model.</summary>
    public Task<UnaryResult<SingleModelVersionResponse>> GetModelVersionAsync(GetModelVersionRequest request, UpstreamCall call) =>
        CallAsync(call, (client, options) => client.GetModelVersionAsync(request, options), response => response.Status);

    /// <summary>Runs a model on inputs.</summary>
    public Task<UnaryResult<MultiOutputResponse>> PostModelOutputsAsync(PostModelOutputsRequest request, UpstreamCall call) =>
        CallAsync(call, (client, options) => client.PostModelOutputsAsync(request, options), response => response.Status);

    /// <summary>What the call is made with; null for nothing.</summary>
    internal Pat? Credential => _credential;

    /// <summary>What an attempt says besides its message.</summary>
    /// <param name="call">The call.</param>
    /// <param name="attempt">The attempt's number, from 1.</param>
    internal Metadata Metadata(in UpstreamCall call, int attempt)
    {
        var metadata = new Metadata();
        foreach (var entry in _credential?.Metadata ?? [])
        {
            metadata.Add(entry);
        }

        if (call.RequestId is { } requestId)
        {
            metadata.Add("x-request-id", requestId);
        }

        if (attempt > 1)
        {
            // gRFC A6, "Exposed Retry Metadata"
            metadata.Add("grpc-previous-rpc-attempts", (attempt - 1).ToString(CultureInfo.InvariantCulture));
        }

        for (var i = 0; i < call.Metadata?.Count; i++)
        {
            metadata.Add(call.Metadata[i]);
        }

        return metadata;
    }

    private async Task<UnaryResult<TResponse>> CallAsync<TResponse>(
        UpstreamCall call, Func<V2.V2Client, CallOptions, AsyncUnaryCall<TResponse>> send, Func<TResponse, Status?> statusOf)
        where TResponse : class
    {
        var attempts = new Attempts(_upstream, call);
        while (true)
        {
            var channel = attempts.Begin().Channel;
            var result = await channel.UnaryAsync(attempts.Call, Metadata(call, attempts.Count), send);
            var code = result.Message is { } message ? statusOf(message)?.Code ?? 0 : 0;
            if (attempts.End(result, code) is not { } wait)
            {
                result.Hide(_credential, code);
                return result;
            }

            await attempts.WaitAsync(wait, call.CancellationToken);
        }
    }
}
