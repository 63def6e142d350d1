using System.Buffers;
using Gateway.Grpc;
using Gateway.Interop.Messages;
using Google.Protobuf;
using Payload = Gateway.Grpc.Payload;

namespace Gateway.Interop.Client;

/// <summary>Messages for the bytes of the service's streams. What cannot be sent is not a failure yet: the status says why.</summary>
internal static class MessageStreams
{
    public static async Task SendAsync(this ClientStream stream, StreamingInputCallRequest request) =>
        await stream.WriteAsync(new ReadOnlySequence<byte>(request.ToByteArray()));

    public static async Task SendAsync(this DuplexStream stream, StreamingOutputCallRequest request) =>
        await stream.WriteAsync(new ReadOnlySequence<byte>(request.ToByteArray()));

    /// <summary>Half-closes, and waits for the response.</summary>
    public static async Task<Answer<StreamingInputCallResponse>> FinishAsync(this ClientStream stream)
    {
        await stream.CompleteAsync();
        return Answer<StreamingInputCallResponse>.From(await stream.ReadResponseAsync());
    }

    /// <summary>The next response, which has to come.</summary>
    public static async Task<Received<StreamingOutputCallResponse>> ReceiveAsync(this ServerStream stream) =>
        await stream.ReadAsync() is { } payload ? Received<StreamingOutputCallResponse>.From(payload) : throw TooEarly(stream.Status);

    /// <summary>The next response, which has to come.</summary>
    public static async Task<Received<StreamingOutputCallResponse>> ReceiveAsync(this DuplexStream stream) =>
        await stream.ReadAsync() is { } payload ? Received<StreamingOutputCallResponse>.From(payload) : throw TooEarly(stream.Status);

    /// <summary>The call's end, before which no further response may come.</summary>
    public static async Task<GrpcStatus> EndAsync(this ServerStream stream)
    {
        using Payload? extra = await stream.ReadAsync();
        Check.That(extra is null, "no further response should come");
        return stream.Status;
    }

    /// <summary>The call's end, before which no further response may come.</summary>
    public static async Task<GrpcStatus> EndAsync(this DuplexStream stream)
    {
        using Payload? extra = await stream.ReadAsync();
        Check.That(extra is null, "no further response should come");
        return stream.Status;
    }

    /// <summary>Half-closes, and waits for the call's end.</summary>
    public static async Task<GrpcStatus> FinishAsync(this DuplexStream stream)
    {
        await stream.CompleteAsync();
        return await stream.EndAsync();
    }

    private static CaseFailedException TooEarly(GrpcStatus status) =>
        new($"a response should come, the call ends with {status.Code}: {status.Message}");
}
