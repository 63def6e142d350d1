using System.Buffers;
using Gateway.Grpc;
using Gateway.Interop.Messages;
using Google.Protobuf;

namespace Gateway.Interop.Client;

/// <summary>The interop service's calls on <c>Gateway.Grpc</c>, with messages for bytes.</summary>
internal sealed class TestServiceClient(GrpcChannel channel)
{
    public Task<Answer<Empty>> EmptyAsync(string path = Methods.EmptyCall) => UnaryAsync<Empty>(path, new Empty(), default);

    public Task<Answer<SimpleResponse>> UnaryAsync(SimpleRequest request, CallOptions options = default) =>
        UnaryAsync<SimpleResponse>(Methods.UnaryCall, request, options);

    public ClientStream StreamingInput(CallOptions options = default) => channel.ClientStreaming(Methods.StreamingInputCall, options);

    public ServerStream StreamingOutput(StreamingOutputCallRequest request) =>
        channel.ServerStreaming(Methods.StreamingOutputCall, new ReadOnlySequence<byte>(request.ToByteArray()), default);

    public DuplexStream FullDuplex(CallOptions options = default) => channel.DuplexStreaming(Methods.FullDuplexCall, options);

    private async Task<Answer<T>> UnaryAsync<T>(string path, IMessage request, CallOptions options)
        where T : IMessage<T>, new() =>
        Answer<T>.From(await channel.UnaryAsync(path, new ReadOnlySequence<byte>(request.ToByteArray()), options));
}
