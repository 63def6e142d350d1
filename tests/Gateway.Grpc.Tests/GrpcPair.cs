using System.Security.Cryptography.X509Certificates;
using Gateway.Grpc.Server;
using Gateway.Testing;

namespace Gateway.Grpc.Tests;

/// <summary>Our client in front of our server, over a real socket.</summary>
internal sealed class GrpcPair : IAsyncDisposable
{
    public const string Path = "/test.Service/Method";

    private GrpcPair(TestServer server, GrpcChannel channel)
    {
        Server = server;
        Channel = channel;
    }

    public TestServer Server { get; }

    public GrpcChannel Channel { get; }

    public static async Task<GrpcPair> StartAsync(
        GrpcServerHandler handler,
        GrpcChannelOptions? client = null,
        GrpcServerOptions? server = null,
        X509Certificate2? certificate = null)
    {
        TestServer started = await TestServer.StartAsync(
            app =>
            {
                app.MapGrpc(Path, handler, server);
                app.UseGrpcUnimplemented();
            },
            certificate: certificate);
        return new GrpcPair(started, new GrpcChannel(started.Address, client ?? new GrpcChannelOptions()));
    }

    public async ValueTask DisposeAsync()
    {
        await Channel.DisposeAsync();
        await Server.DisposeAsync();
    }
}
