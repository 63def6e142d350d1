using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Api.Tests.Faces.Grpc;

/// <summary>Clients that hang: their system still takes bytes, and only an unanswered ping of HTTP/2 (RFC 9113, 6.7) tells them from silent ones.</summary>
public sealed class DeadClientTests
{
    [Fact]
    public async Task Client_StopsAnsweringInAStream_ResetsTheUpstream()
    {
        var cancelled = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            call.CancellationToken.Register(cancelled.SetResult);
            await call.WriteAsync(GrpcFront.Bytes(GrpcFront.Response("one")));
            await cancelled.Task;
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(
            upstream.Address,
            host => host.ConfigureTestServices(services => services.PostConfigure<KestrelServerOptions>(server => Hasten(server.Limits.Http2))));
        await using var client = await NodeProgram.StartAsync("clarifai-grpc-client.js", gateway.GrpcAddress.Authority, "hold", "key");

        Assert.Equal("open", await client.ReadLineAsync());
        await client.FreezeAsync();

        await cancelled.Task.WaitAsync(StreamTesting.Limit);
    }

    // The gateway's own times are half a minute and more; these are the shortest that Kestrel takes.
    private static void Hasten(Http2Limits limits)
    {
        Assert.NotEqual(TimeSpan.MaxValue, limits.KeepAlivePingDelay);
        limits.KeepAlivePingDelay = TimeSpan.FromSeconds(1);
        limits.KeepAlivePingTimeout = TimeSpan.FromSeconds(1);
    }
}
