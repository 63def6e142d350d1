using System.Buffers;
using Gateway.Grpc.Server;
using Google.Protobuf;

namespace Gateway.Interop.Server;

/// <summary>Messages for the bytes of a served call.</summary>
internal static class ServerMessages
{
    /// <summary>The one request of a call.</summary>
    public static async Task<Received<T>> ReceiveSingleAsync<T>(this GrpcServerCall call)
        where T : IMessage<T>, new() => Received<T>.From(await call.ReadSingleAsync());

    /// <summary>The next request; null when the client has half-closed.</summary>
    public static async Task<Received<T>?> ReceiveAsync<T>(this GrpcServerCall call)
        where T : IMessage<T>, new() => await call.ReadAsync() is { } payload ? Received<T>.From(payload) : null;

    public static async Task SendAsync(this GrpcServerCall call, IMessage response) =>
        await call.WriteAsync(new ReadOnlySequence<byte>(response.ToByteArray()));
}
