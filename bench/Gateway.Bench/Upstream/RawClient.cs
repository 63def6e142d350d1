using System.Buffers;
using System.Net;
using Clarifai.Api;
using Grpc.Core;
using Grpc.Net.Client;

namespace Gateway.Bench.Upstream;

/// <summary>
/// The official gRPC client, with nothing above it and nothing below it but the runtime's handler as the gateway sets it up: it sends prepared
/// bytes, and forgets what comes.
/// </summary>
public sealed class RawClient : IDisposable
{
    /// <summary>Stands for a message that came.</summary>
    private static readonly object Received = new();

    private static readonly Marshaller<byte[]> Requests = Marshallers.Create<byte[]>(
        (bytes, context) =>
        {
            context.SetPayloadLength(bytes.Length);
            context.GetBufferWriter().Write(bytes);
            context.Complete();
        },
        _ => throw new NotSupportedException("Requests are only sent."));

    private static readonly Marshaller<object> Responses = Marshallers.Create<object>(
        (_, _) => throw new NotSupportedException("Responses are only received."), _ => Received);

    private static readonly Method<byte[], object> Unary = new(MethodType.Unary, V2.Descriptor.FullName, "PostModelOutputs", Requests, Responses);

    private static readonly Method<byte[], object> Streaming = new(MethodType.ServerStreaming, V2.Descriptor.FullName, "GenerateModelOutputs", Requests, Responses);

    private readonly GrpcChannel _channel;
    private readonly CallInvoker _invoker;

    /// <summary>Makes a client; nothing is connected yet.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="isForStreams">Which of the gateway's two windows its handler has.</param>
    public RawClient(Uri address, bool isForStreams)
    {
        _channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler
            {
                ActivityHeadersPropagator = null,
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.None,
                EnableMultipleHttp2Connections = true,
                InitialHttp2StreamWindowSize = isForStreams ? 256 * 1024 : 4 * 1024 * 1024,
                UseCookies = false,
                UseProxy = false,
            },
            DisposeHttpClient = true,
            MaxReceiveMessageSize = 128 * 1024 * 1024,
        });
        _invoker = _channel.CreateCallInvoker();
    }

    /// <summary>Calls the method that answers one message.</summary>
    public AsyncUnaryCall<object> Call(byte[] request, CallOptions options) => _invoker.AsyncUnaryCall(Unary, null, options, request);

    /// <summary>Calls the method that answers many messages.</summary>
    public AsyncServerStreamingCall<object> Stream(byte[] request, CallOptions options) => _invoker.AsyncServerStreamingCall(Streaming, null, options, request);

    public void Dispose() => _channel.Dispose();
}
