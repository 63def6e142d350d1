using Gateway.Testing;
using Gateway.Testing.Http2;

namespace Gateway.Grpc.Tests.Connections;

/// <summary>Peers that hang, told from peers that are only silent. The times are the shortest that the handler takes.</summary>
public sealed class KeepAliveTests
{
    private static readonly GrpcChannelOptions Quick = new()
    {
        KeepAlivePingDelay = TimeSpan.FromSeconds(1),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(1),
    };

    [Fact]
    public async Task Unary_PeerStopsAnswering_EndsUnavailable()
    {
        await using NodeProgram server = await NodeProgram.StartAsync("grpc-server.js");
        await using var channel = new GrpcChannel(await server.ReadAddressAsync(), Quick);

        ValueTask<UnaryResult> call = channel.UnaryAsync("/test.Foreign/Hang", Bytes.Of(""), default);
        Assert.Equal("hanging", await server.ReadLineAsync());
        await server.FreezeAsync();
        using UnaryResult result = await call;

        Assert.Equal(StoppedAnswering, result.Status);
    }

    [Fact]
    public async Task Duplex_PeerStopsAnsweringInMidStream_EndsUnavailable()
    {
        await using NodeProgram server = await NodeProgram.StartAsync("grpc-server.js");
        await using var channel = new GrpcChannel(await server.ReadAddressAsync(), Quick);

        await using DuplexStream stream = channel.DuplexStreaming("/test.Foreign/Duplex", default);
        Assert.True(await stream.WriteAsync(Bytes.Of("ping")));
        (await stream.ReadAsync())!.Dispose();
        await server.FreezeAsync();

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(StoppedAnswering, stream.Status);
        Assert.False(await stream.WriteAsync(Bytes.Of("ping")));
    }

    [Fact]
    public async Task Unary_PeerIsSilentButAnswersPings_LastsAsLongAsItTakes()
    {
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            int call = await connection.ReadCallAsync();
            await connection.ReadRequestAsync(call);
            for (int i = 0; i < 2; i++) await connection.ReadKeepAliveAsync();
            await connection.AnswerAsync(call);
        });
        await using var channel = new GrpcChannel(peer.Address, Quick);

        using UnaryResult result = await channel.UnaryAsync("/a.B/C", Bytes.Of("x"), default);

        Assert.Equal(GrpcStatus.OK, result.Status);
    }

    private static GrpcStatus StoppedAnswering { get; } =
        new(GrpcStatusCode.Unavailable, "the upstream stopped answering: the connection was given up") { IsConnectionFailure = true };
}
