using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using Clarifai.Api;
using Gateway.Core.Schema;
using Gateway.Core.Upstream.Retries;
using Gateway.Grpc;
using Google.Protobuf;

namespace Gateway.Core.Upstream;

/// <summary>
/// The Clarifai API on behalf of one tenant: payload calls for any RPC, and typed calls for the RPCs that the gateway's own
/// code makes. Made by <see cref="ClarifaiClientFactory"/>.
/// </summary>
public readonly struct ClarifaiClient
{
    private readonly ApiSchema _schema;
    private readonly UpstreamCluster _upstream;
    private readonly Pat? _credential;

    internal ClarifaiClient(ApiSchema schema, UpstreamCluster upstream, Pat? credential)
    {
        _schema = schema;
        _upstream = upstream;
        _credential = credential;
    }

    /// <summary>Calls a unary RPC with the bytes of its request, and again where that may help and time allows.</summary>
    /// <param name="rpc">The RPC.</param>
    /// <param name="request">The request message; it stays the caller's, untouched until the task completes.</param>
    /// <param name="call">Who asks, and for how long.</param>
    /// <returns>The outcome of the last attempt, to be disposed; gRPC failures are in its status.</returns>
    /// <exception cref="OperationCanceledException">The caller's own token fired.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<UnaryResult> CallAsync(RpcPlan rpc, GrpcMessage request, UpstreamCall call)
    {
        var attempts = new Attempts(_upstream, call);
        while (true)
        {
            var channel = attempts.Begin().Channel;
            var result = await channel.UnaryAsync(rpc.GrpcPath, request, Options(attempts.Call, attempts.Count));
            if (attempts.End(rpc, result) is not { } wait)
            {
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
    /// <param name="request">The request message; it stays the caller's, untouched until the first read, or the disposal, completes.</param>
    /// <param name="call">Who asks, and for how long.</param>
    /// <returns>The stream, to be disposed; disposing it early resets it.</returns>
    public UpstreamStream Stream(RpcPlan rpc, GrpcMessage request, UpstreamCall call) => new(this, _upstream, rpc, request, call);

    /// <summary>Opens an RPC that streams both ways. It is made once: what was written cannot be written again.</summary>
    /// <param name="rpc">The RPC.</param>
    /// <param name="call">Who asks, and for how long.</param>
    /// <returns>The stream, to be disposed; disposing it early resets it.</returns>
    public UpstreamDuplex Duplex(RpcPlan rpc, UpstreamCall call)
    {
        var endpoint = _upstream.Pick(tried: null);
        return new UpstreamDuplex(endpoint, endpoint.Channel.DuplexStreaming(rpc.GrpcPath, Options(call, attempt: 1)));
    }

    /// <summary>Asks what a status code means: the cheapest call of the API that needs no credential.</summary>
    /// <returns>The gRPC status, and the answer when that is OK.</returns>
    public Task<(GrpcStatus Status, SingleStatusCodeResponse? Response)> GetStatusCodeAsync(GetStatusCodeRequest request, UpstreamCall call) =>
        CallAsync("GetStatusCode", request, SingleStatusCodeResponse.Parser, call);

    /// <summary>Asks for a model and its latest version.</summary>
    /// <returns>The gRPC status, and the answer when that is OK.</returns>
    public Task<(GrpcStatus Status, SingleModelResponse? Response)> GetModelAsync(GetModelRequest request, UpstreamCall call) =>
        CallAsync("GetModel", request, SingleModelResponse.Parser, call);

    /// <summary>Asks for a version of a model.</summary>
    /// <returns>The gRPC status, and the answer when that is OK.</returns>
    public Task<(GrpcStatus Status, SingleModelVersionResponse? Response)> GetModelVersionAsync(GetModelVersionRequest request, UpstreamCall call) =>
        CallAsync("GetModelVersion", request, SingleModelVersionResponse.Parser, call);

    /// <summary>Runs a model on inputs.</summary>
    /// <returns>The gRPC status, and the answer when that is OK.</returns>
    public Task<(GrpcStatus Status, MultiOutputResponse? Response)> PostModelOutputsAsync(PostModelOutputsRequest request, UpstreamCall call) =>
        CallAsync("PostModelOutputs", request, MultiOutputResponse.Parser, call);

    private async Task<(GrpcStatus Status, TResponse? Response)> CallAsync<TResponse>(
        string rpc, IMessage request, MessageParser<TResponse> parser, UpstreamCall call)
        where TResponse : class, IMessage<TResponse>
    {
        using var result = await CallAsync(_schema.Rpc(rpc), new ReadOnlySequence<byte>(request.ToByteArray()), call);
        return (result.Status, result.Message is { } message ? parser.ParseFrom(message.Span) : null);
    }

    /// <summary>What an attempt asks for.</summary>
    /// <param name="call">The call, with the time that the attempt has.</param>
    /// <param name="attempt">The attempt's number, from 1.</param>
    internal CallOptions Options(in UpstreamCall call, int attempt)
    {
        var metadata = new Metadata();
        if (_credential?.Authorization is { } authorization)
        {
            metadata.Add("authorization", authorization);
        }

        if (_credential?.SessionToken is { } sessionToken)
        {
            metadata.Add("x-clarifai-session-token", sessionToken);
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

        foreach (var entry in call.Metadata ?? [])
        {
            metadata.Add(entry);
        }

        return new CallOptions
        {
            Headers = metadata,
            Timeout = call.Timeout,
            FirstMessageTimeout = call.FirstMessageTimeout,
            IdleTimeout = call.IdleTimeout,
            PassThrough = call.PassThrough,
            CancellationToken = call.CancellationToken,
        };
    }
}
