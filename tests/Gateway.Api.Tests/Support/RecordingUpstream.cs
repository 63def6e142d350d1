using Gateway.Testing;
using Gateway.Testing.Grpc;
using Google.Protobuf;

namespace Gateway.Api.Tests.Support;

/// <summary>A gRPC server that answers every method of the API with what the test says and keeps what it was asked.</summary>
internal sealed class RecordingUpstream : IAsyncDisposable
{
    private readonly TestServer _server;

    private RecordingUpstream(TestServer server) => _server = server;

    public Uri Address => _server.Address;

    /// <summary>Starts one whose calls are answered by a handler.</summary>
    public static async Task<RecordingUpstream> StartAsync(GrpcServerHandler handler) =>
        new(await TestServer.StartAsync(app => app.MapAnyMethod(), services: services => services.AddAnyMethod(handler)));

    /// <summary>Starts one that answers every call with one message.</summary>
    public static Task<RecordingUpstream> StartAsync(Func<RecordedCall, IMessage> answer) => StartAsync(async call =>
    {
        using var request = await call.ReadSingleAsync();
        var response = answer(new RecordedCall(call.Path, request.Span.ToArray(), call.RequestHeaders));
        await call.WriteAsync(response.ToByteArray());
        return GrpcStatus.DefaultSuccess;
    });

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
