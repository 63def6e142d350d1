using Gateway.Core.Tests.Upstream.Support;
using Gateway.Testing;
using Gateway.Testing.Http2;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Core.Tests.Upstream.Calls;

/// <summary>Connections that end under a call, at whichever stage it is: it ends at once, and says that the upstream is away.</summary>
public sealed class LostConnectionTests
{
    private const uint NoError = 0x0;

    private static readonly Outcome Closed = new(StatusCode.Unavailable, "the upstream closed the connection") { IsConnectionFailure = true };

    /// <summary>How far a call has come.</summary>
    public enum Stage
    {
        Headers,
        Request,
        ResponseHeaders,
        PartOfAMessage,
        Message,
    }

    public static TheoryData<Stage> Stages => [.. Enum.GetValues<Stage>()];

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task Connection_Closed_IsUnavailable(Stage stage)
    {
        await EveryKindEndsAsync(Closed, stage, connection =>
        {
            connection.Close();
            return Task.CompletedTask;
        });
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task Connection_Reset_IsUnavailable(Stage stage)
    {
        await EveryKindEndsAsync(Closed, stage, connection =>
        {
            connection.Abort();
            return Task.CompletedTask;
        });
    }

    // It would take the call, and dies.
    [Theory]
    [MemberData(nameof(Stages))]
    public async Task Connection_ClosedAfterAGoodbyeThatTookTheCall_IsUnavailable(Stage stage)
    {
        await EveryKindEndsAsync(
            new Outcome(StatusCode.Unavailable, "the upstream shut the connection down with NO_ERROR") { IsConnectionFailure = true },
            stage,
            async connection =>
            {
                await connection.GoAwayAsync(1, NoError);
                connection.Close();
            });
    }

    [Theory]
    [InlineData(0x1, "PROTOCOL_ERROR")]
    [InlineData(0x2, "INTERNAL_ERROR")]
    [InlineData(0xb, "ENHANCE_YOUR_CALM")]
    public async Task Connection_ShutDownWithAnError_IsUnavailableAndNamesIt(int errorCode, string name)
    {
        await EveryKindEndsAsync(
            new Outcome(StatusCode.Unavailable, "the upstream shut the connection down with " + name) { IsConnectionFailure = true },
            Stage.ResponseHeaders,
            async connection =>
            {
                await connection.GoAwayAsync(1, (uint)errorCode);
                connection.Close();
            });
    }

    [Fact]
    public async Task Connection_CutBetweenMessages_GivesTheFirstAndThenTheEnd()
    {
        var firstRead = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(app => app.Run(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(new byte[] { 0, 0, 0, 0, 1, 7, 0, 0, 0, 0, 9 });
            await context.Response.Body.FlushAsync();
            await firstRead.Task;
            context.Features.GetRequiredFeature<IConnectionLifetimeFeature>().Abort();
        }));
        await using var upstream = new UpstreamCalls(server.Address);
        await using var stream = upstream.Stream(Bytes.Of("x"));

        Assert.Equal([7], await stream.ReadAsync());
        firstRead.SetResult();

        Assert.Null(await stream.ReadAsync());
        Assert.Equal((StatusCode.Unavailable, true, false), (stream.End.Code, stream.End.Outcome.IsConnectionFailure, stream.End.Outcome.IsUnprocessed));
    }

    [Fact]
    public async Task Duplex_CutBetweenMessages_EndsReadsAndWrites()
    {
        var firstRead = new TaskCompletionSource();
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            var call = await connection.ReadCallAsync();
            await connection.WriteHeadersAsync(call);
            await connection.WriteDataAsync(call, [0, 0, 0, 0, 1, 7]);
            await firstRead.Task;
            connection.Close();
        });
        await using var upstream = new UpstreamCalls(peer.Address);
        await using var stream = upstream.Duplex();

        Assert.True(await stream.WriteAsync(Bytes.Of("x")));
        Assert.Equal([7], await stream.ReadAsync());
        firstRead.SetResult();

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(Closed, stream.End.Outcome);
        Assert.False(await stream.WriteAsync(Bytes.Of("x")));
    }

    [Fact]
    public async Task Connection_CutWhileTheRequestIsWritten_IsUnavailable()
    {
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            await connection.ReadDataAsync(await connection.ReadCallAsync(), 10_000);
            connection.Abort();
        });
        await using var upstream = new UpstreamCalls(peer.Address);
        var large = Bytes.Of(new byte[1024 * 1024]); // more than the window

        Assert.Equal(Closed, (await upstream.UnaryAsync(large)).Outcome);
        await using var stream = upstream.Stream(large);
        Assert.Null(await stream.ReadAsync());
        Assert.Equal(Closed, stream.End.Outcome);
        await using var duplex = upstream.Duplex();
        Assert.False(await duplex.WriteAsync(large));
        Assert.Null(await duplex.ReadAsync());
        Assert.Equal(Closed, duplex.End.Outcome);
    }

    [Fact]
    public async Task Connection_LostWhileItIsIdle_IsReplaced()
    {
        var connections = 0;
        await using var peer = new Http2Peer(async connection =>
        {
            Interlocked.Increment(ref connections);
            await connection.OpenAsync();
            await connection.AnswerAsync(await connection.ReadCallAsync());
            connection.Close();
        });
        await using var upstream = new UpstreamCalls(peer.Address);

        // The end of the connection may be seen before the next call or with it; the call goes on either way unless it was sent.
        for (var i = 0; i < 20; i++)
        {
            var outcome = (await upstream.UnaryAsync(Bytes.Of("x"))).Outcome;
            Assert.True(outcome == Outcome.OK || outcome == Closed, outcome.ToString());
        }

        Assert.InRange(connections, 2, 40);
    }

    private static async Task EveryKindEndsAsync(Outcome expected, Stage stage, Func<Http2PeerConnection, Task> end)
    {
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            await ReachAsync(connection, stage);
            await end(connection);
        });
        await using var upstream = new UpstreamCalls(peer.Address);

        Assert.All(await upstream.CallEveryKindAsync(), reply => Assert.Equal((expected, null), (reply.Outcome, reply.Message)));
    }

    private static async Task ReachAsync(Http2PeerConnection connection, Stage stage)
    {
        var call = await connection.ReadCallAsync();
        if (stage >= Stage.Request)
        {
            await connection.ReadRequestAsync(call);
        }

        if (stage >= Stage.ResponseHeaders)
        {
            await connection.WriteHeadersAsync(call);
        }

        if (stage >= Stage.PartOfAMessage)
        {
            await connection.WriteDataAsync(call, [0, 0, 0, 0, 1]);
        }

        if (stage >= Stage.Message)
        {
            await connection.WriteDataAsync(call, [7]);
        }
    }
}
