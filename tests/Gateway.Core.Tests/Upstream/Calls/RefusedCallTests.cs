using Gateway.Core.Tests.Upstream.Support;
using Gateway.Core.Upstream.Retries;
using Gateway.Testing.Http2;
using Grpc.Core;

namespace Gateway.Core.Tests.Upstream.Calls;

/// <summary>Calls that the peer has not touched are made again, unseen; when that does not help, their outcome says so.</summary>
public sealed class RefusedCallTests
{
    private const uint NoError = 0x0;
    private const uint RefusedStream = 0x7;

    // A two-way call, which nobody above can make again.
    private const int MostSends = 3;

    private static readonly Outcome Refused = new(StatusCode.Unavailable, "the upstream refused the call") { IsUnprocessed = true };
    private static readonly Outcome ResetInMidCall = new(StatusCode.Unavailable, "the upstream reset the call with REFUSED_STREAM");

    // The gateway's own number of attempts.
    private static readonly RetryOptions AtOnce = UpstreamFixture.AtOnce;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Unary_RefusedAFewTimes_Succeeds(int times)
    {
        byte[] received = [];
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            await RefuseAsync(connection, times);
            var call = await connection.ReadCallAsync();
            received = await connection.ReadRequestAsync(call);
            await connection.AnswerAsync(call);
        });
        await using var upstream = new UpstreamCalls(peer.Address, retry: AtOnce);

        var reply = await upstream.UnaryAsync(Bytes.Of("request"));

        Assert.Equal(Outcome.OK, reply.Outcome);
        Assert.Equal(Bytes.Framed("request"), received);
    }

    [Fact]
    public async Task Unary_RefusedAfterItsRequestWasRead_IsSentWholeAgain()
    {
        var request = Bytes.Pattern(60_000, seed: 1);
        byte[] received = [];
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            var attempt = await connection.ReadCallAsync();
            await connection.ReadDataAsync(attempt, request.Length);
            await connection.ResetAsync(attempt, RefusedStream);
            var call = await connection.ReadCallAsync();
            await connection.WindowUpdateAsync(call, 100_000);
            received = await connection.ReadRequestAsync(call);
            await connection.AnswerAsync(call);
        });
        await using var upstream = new UpstreamCalls(peer.Address, retry: AtOnce);

        var reply = await upstream.UnaryAsync(Bytes.Of(request));

        Assert.Equal(Outcome.OK, reply.Outcome);
        Assert.Equal(request, received[5..]);
    }

    [Fact]
    public async Task EveryKind_AlwaysRefused_IsUnavailableAndUnprocessed()
    {
        var calls = 0;
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            while (true)
            {
                await connection.ResetAsync(await connection.ReadCallAsync(), RefusedStream);
                Interlocked.Increment(ref calls);
            }
        });
        await using var upstream = new UpstreamCalls(peer.Address);

        var replies = await upstream.CallEveryKindAsync();

        Assert.All(replies, reply => Assert.Equal(Refused, reply.Outcome));
        Assert.InRange(calls, replies.Length, MostSends * replies.Length);
    }

    [Fact]
    public async Task EveryKind_BeyondTheLastStreamOfAGoAway_SucceedsOnAnotherConnection()
    {
        var connections = 0;
        await using var peer = new Http2Peer(async connection =>
        {
            var isOdd = Interlocked.Increment(ref connections) % 2 == 1;
            await connection.OpenAsync();
            var call = await connection.ReadCallAsync();
            if (isOdd)
            {
                await connection.GoAwayAsync(lastStream: 0, NoError);
            }
            else
            {
                await connection.AnswerAsync(call);
            }
        });

        foreach (var make in (Func<UpstreamCalls, Task<Reply>>[])
            [upstream => upstream.UnaryAsync(Bytes.Of("x")), upstream => upstream.StreamToItsEndAsync(), upstream => upstream.DuplexToItsEndAsync()])
        {
            await using var upstream = new UpstreamCalls(peer.Address, retry: AtOnce);
            Assert.Equal(Outcome.OK, (await make(upstream)).Outcome);
        }

        Assert.Equal(6, connections);
    }

    [Fact]
    public async Task EveryKind_EveryConnectionGoesAwayAtOnce_IsUnavailableAndUnprocessed()
    {
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            await connection.ReadCallAsync();
            await connection.GoAwayAsync(lastStream: 0, NoError);
        });
        await using var upstream = new UpstreamCalls(peer.Address);

        Assert.All(await upstream.CallEveryKindAsync(), reply => Assert.Equal(Refused, reply.Outcome));
    }

    [Fact]
    public async Task Stream_RefusedAFewTimes_Succeeds()
    {
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            await RefuseAsync(connection, 2);
            await connection.AnswerAsync(await connection.ReadCallAsync(), message: 9);
        });
        await using var upstream = new UpstreamCalls(peer.Address, retry: AtOnce);
        await using var stream = upstream.Stream(Bytes.Of("x"));

        Assert.Equal([9], await stream.ReadAsync());
        Assert.Null(await stream.ReadAsync());
        Assert.Equal(Outcome.OK, stream.End.Outcome);
    }

    [Fact]
    public async Task Stream_ResetAfterAMessage_IsNotMadeAgain()
    {
        var calls = 0;
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            while (true)
            {
                var call = await connection.ReadCallAsync();
                calls++;
                await connection.WriteHeadersAsync(call);
                await connection.WriteDataAsync(call, Bytes.Framed([9]));
                await connection.ResetAsync(call, RefusedStream);
            }
        });
        await using var upstream = new UpstreamCalls(peer.Address, retry: AtOnce);

        // The reset may overtake the message in the handler; then there was none, and the call may be made again.
        var reply = await upstream.StreamToItsEndAsync();

        Assert.Equal(ResetInMidCall, reply.Outcome);
        Assert.InRange(calls, 1, AtOnce.MaxAttempts);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(MostSends - 1)]
    public async Task Duplex_RefusedBeforeItsFirstMessage_Succeeds(int times)
    {
        byte[] received = [];
        var refused = new TaskCompletionSource();
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            await RefuseAsync(connection, times);
            var call = await connection.ReadCallAsync();
            refused.SetResult();
            received = await connection.ReadRequestAsync(call);
            await connection.AnswerAsync(call);
        });
        await using var upstream = new UpstreamCalls(peer.Address);
        await using var stream = upstream.Duplex();

        var first = stream.ReadAsync().AsTask();
        await Task.WhenAny(refused.Task, first); // a call that is not made again ends here
        await stream.WriteAsync(Bytes.Of("one"));
        await stream.CompleteAsync();

        Assert.NotNull(await first);
        Assert.Null(await stream.ReadAsync());
        Assert.Equal(Outcome.OK, stream.End.Outcome);
        Assert.Equal(Bytes.Framed("one"), received);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(MostSends - 1)]
    public async Task Duplex_RefusedAfterSomeMessages_SendsThemAgainInOrder(int times)
    {
        var refused = new TaskCompletionSource();
        byte[] received = [];
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            for (var i = 0; i < times; i++)
            {
                var attempt = await connection.ReadCallAsync();
                await connection.ReadDataAsync(attempt, Bytes.Framed("one", "", "two").Length);
                await connection.ResetAsync(attempt, RefusedStream);
            }

            var call = await connection.ReadCallAsync();
            refused.SetResult();
            received = await connection.ReadRequestAsync(call);
            await connection.AnswerAsync(call);
        });
        await using var upstream = new UpstreamCalls(peer.Address);
        await using var stream = upstream.Duplex();

        foreach (var message in (string[])["one", "", "two"])
        {
            Assert.True(await stream.WriteAsync(Bytes.Of(message)));
        }

        var first = stream.ReadAsync().AsTask();
        await Task.WhenAny(refused.Task, first); // as above
        await stream.WriteAsync(Bytes.Of("three"));
        await stream.CompleteAsync();

        Assert.NotNull(await first);
        Assert.Null(await stream.ReadAsync());
        Assert.Equal(Outcome.OK, stream.End.Outcome);
        Assert.Equal(Bytes.Framed("one", "", "two", "three"), received);
    }

    [Fact]
    public async Task Duplex_RefusedAfterItsRequestWasComplete_IsSentAgain()
    {
        byte[] received = [];
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            var attempt = await connection.ReadCallAsync();
            await connection.ReadRequestAsync(attempt);
            await connection.ResetAsync(attempt, RefusedStream);
            var call = await connection.ReadCallAsync();
            received = await connection.ReadRequestAsync(call);
            await connection.AnswerAsync(call);
        });
        await using var upstream = new UpstreamCalls(peer.Address);

        Assert.Equal(Outcome.OK, (await upstream.DuplexToItsEndAsync()).Outcome);
        Assert.Equal(Bytes.Framed("x"), received);
    }

    [Fact]
    public async Task Duplex_RefusedWhileAWriteWaitsForTheWindow_SendsAllOfIt()
    {
        var message = Bytes.Pattern(50_000, seed: 1);
        byte[] received = [];
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync((Http2Setting.InitialWindowSize, 1000));
            var attempt = await connection.ReadCallAsync();
            await connection.ReadDataAsync(attempt, 1000);
            await connection.ResetAsync(attempt, RefusedStream);
            var call = await connection.ReadCallAsync();
            await connection.WindowUpdateAsync(call, 100_000);
            received = await connection.ReadRequestAsync(call);
            await connection.AnswerAsync(call);
        });
        await using var upstream = new UpstreamCalls(peer.Address);
        await using var stream = upstream.Duplex();

        Assert.True(await stream.WriteAsync(Bytes.Of(message)));
        await stream.CompleteAsync();

        Assert.NotNull(await stream.ReadAsync());
        Assert.Equal(message, received[5..]);
    }

    [Fact]
    public async Task Duplex_RefusedAfterMoreThanIsKept_EndsAtOnce()
    {
        var large = Bytes.Pattern(65_000, seed: 1);
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            var attempt = await connection.ReadCallAsync();
            await connection.ReadDataAsync(attempt, large.Length);
            await connection.WindowUpdateAsync(attempt, 10_000);
            await connection.ReadDataAsync(attempt, 1000);
            await connection.ResetAsync(attempt, RefusedStream);
            while (true)
            {
                await connection.ReadAsync();
            }
        });
        await using var upstream = new UpstreamCalls(peer.Address);
        await using var stream = upstream.Duplex();

        Assert.True(await stream.WriteAsync(Bytes.Of(large)));
        Assert.True(await stream.WriteAsync(Bytes.Of(Bytes.Pattern(1000, seed: 2))));

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(Refused, stream.End.Outcome);
        Assert.False(await stream.WriteAsync(Bytes.Of("more")));
    }

    [Fact]
    public async Task Duplex_ResetAfterTheHeaders_IsNotMadeAgain()
    {
        var calls = 0;
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            while (true)
            {
                var call = await connection.ReadCallAsync();
                calls++;
                await connection.WriteHeadersAsync(call);
                await connection.ResetAsync(call, RefusedStream);
            }
        });
        await using var upstream = new UpstreamCalls(peer.Address);
        await using var stream = upstream.Duplex();

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(ResetInMidCall, stream.End.Outcome);
        Assert.Equal(1, calls);
    }

    private static async Task RefuseAsync(Http2PeerConnection connection, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await connection.ResetAsync(await connection.ReadCallAsync(), RefusedStream);
        }
    }
}
