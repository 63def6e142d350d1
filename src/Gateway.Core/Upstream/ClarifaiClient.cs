using System.Buffers;
using Clarifai.Api;
using Gateway.Core.Schema;
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
    private readonly GrpcChannel _channel;
    private readonly Pat? _credential;

    internal ClarifaiClient(ApiSchema schema, GrpcChannel channel, Pat? credential)
    {
        _schema = schema;
        _channel = channel;
        _credential = credential;
    }

    /// <summary>Calls a unary RPC with the bytes of its request.</summary>
    /// <param name="rpc">The RPC.</param>
    /// <param name="request">The request message; it stays the caller's, untouched until the task completes.</param>
    /// <param name="call">Who asks, and for how long.</param>
    /// <returns>The outcome, to be disposed; gRPC failures are in its status.</returns>
    public ValueTask<UnaryResult> CallAsync(RpcPlan rpc, ReadOnlySequence<byte> request, UpstreamCall call) =>
        _channel.UnaryAsync(rpc.GrpcPath, request, Options(call));

    /// <summary>Opens a server-streaming RPC with the bytes of its request.</summary>
    /// <param name="rpc">The RPC.</param>
    /// <param name="request">The request message; it stays the caller's, untouched until the first read completes.</param>
    /// <param name="call">Who asks, and for how long.</param>
    /// <returns>The stream, to be disposed; disposing it early resets it.</returns>
    public ServerStream Stream(RpcPlan rpc, ReadOnlySequence<byte> request, UpstreamCall call) =>
        _channel.ServerStreaming(rpc.GrpcPath, request, Options(call));

    /// <summary>Asks what a status code means: the cheapest call of the API that needs no credential.</summary>
    /// <returns>The gRPC status, and the answer when that is OK.</returns>
    public Task<(GrpcStatus Status, SingleStatusCodeResponse? Response)> GetStatusCodeAsync(GetStatusCodeRequest request, UpstreamCall call) =>
        CallAsync("GetStatusCode", request, SingleStatusCodeResponse.Parser, call);

    private async Task<(GrpcStatus Status, TResponse? Response)> CallAsync<TResponse>(
        string rpc, IMessage request, MessageParser<TResponse> parser, UpstreamCall call)
        where TResponse : class, IMessage<TResponse>
    {
        using var result = await CallAsync(_schema.Rpc(rpc), new ReadOnlySequence<byte>(request.ToByteArray()), call);
        return (result.Status, result.Message is { } message ? parser.ParseFrom(message.Span) : null);
    }

    private CallOptions Options(UpstreamCall call)
    {
        var metadata = new Metadata();
        if (_credential is { } credential)
        {
            metadata.Add("authorization", credential.Authorization);
        }

        if (call.RequestId is { } requestId)
        {
            metadata.Add("x-request-id", requestId);
        }

        return new CallOptions
        {
            Headers = metadata,
            Timeout = call.Timeout,
            FirstMessageTimeout = call.FirstMessageTimeout,
            IdleTimeout = call.IdleTimeout,
            CancellationToken = call.CancellationToken,
        };
    }
}
