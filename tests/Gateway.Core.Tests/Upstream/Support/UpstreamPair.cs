using System.Security.Cryptography.X509Certificates;
using Gateway.Testing;
using Gateway.Testing.Grpc;

namespace Gateway.Core.Tests.Upstream.Support;

/// <summary>The client in front of a gRPC server of <c>Grpc.AspNetCore</c>, over a real socket.</summary>
internal sealed class UpstreamPair : IAsyncDisposable
{
    private UpstreamPair(TestServer server, UpstreamCalls upstream)
    {
        Server = server;
        Upstream = upstream;
    }

    public TestServer Server { get; }

    public UpstreamCalls Upstream { get; }

    public static async Task<UpstreamPair> StartAsync(GrpcServerHandler handler, ChannelOptions? options = null, X509Certificate2? certificate = null)
    {
        var server = await TestServer.StartAsync(app => app.MapAnyMethod(), certificate: certificate, services: services => services.AddAnyMethod(handler));
        return new UpstreamPair(server, new UpstreamCalls(server.Address, options));
    }

    public async ValueTask DisposeAsync()
    {
        await Upstream.DisposeAsync();
        await Server.DisposeAsync();
    }
}
