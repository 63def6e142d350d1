using Gateway.Core.Tests.Upstream.Support;
using Gateway.Testing;
using Gateway.Testing.Http2;
using Grpc.Core;

namespace Gateway.Core.Tests.Upstream.Connections;

/// <summary>Peers that hang, told from peers that are only silent. The times are the shortest that the handler takes.</summary>
public sealed class KeepAliveTests
{
    private static readonly ChannelOptions Quick = new()
    {
        KeepAlivePingDelay = TimeSpan.FromSeconds(1),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(1),
    };

    private static readonly Outcome StoppedAnswering =
        new(StatusCode.Unavailable, "the upstream stopped answering: the connection was given up") { IsConnectionFailure = true };

    [Fact]
    public async Task Unary_PeerStopsAnswering_IsUnavailable()
    {
        await using var server = await NodeProgram.StartAsync("grpc-server.js");
        await using var upstream = new UpstreamCalls(await server.ReadAddressAsync(), Quick);

        var call = upstream.UnaryAsync(Bytes.Of(""), rpc: ForeignServerTests.Hang);
        Assert.Equal("hanging", await server.ReadLineAsync());
        await server.FreezeAsync();

        Assert.Equal(StoppedAnswering, (await call).Outcome);
    }

    [Fact]
    public async Task Duplex_PeerStopsAnsweringInMidStream_IsUnavailable()
    {
        await using var server = await NodeProgram.StartAsync("grpc-server.js");
        await using var upstream = new UpstreamCalls(await server.ReadAddressAsync(), Quick);
        await using var stream = upstream.Duplex();

        Assert.True(await stream.WriteAsync(Bytes.Of("ping")));
        Assert.NotNull(await stream.ReadAsync());
        await server.FreezeAsync();

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(StoppedAnswering, stream.End.Outcome);
        Assert.False(await stream.WriteAsync(Bytes.Of("ping")));
    }

    [Fact]
    public async Task Unary_PeerIsSilentButAnswersPings_LastsAsLongAsItTakes()
    {
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            var call = await connection.ReadCallAsync();
            await connection.ReadRequestAsync(call);
            for (var i = 0; i < 2; i++)
            {
                await connection.ReadKeepAliveAsync();
            }

            await connection.AnswerAsync(call);
        });
        await using var upstream = new UpstreamCalls(peer.Address, Quick);

        Assert.Equal(Outcome.OK, (await upstream.UnaryAsync(Bytes.Of("x"))).Outcome);
    }
}
