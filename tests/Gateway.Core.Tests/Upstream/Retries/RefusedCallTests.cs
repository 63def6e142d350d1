using System.Buffers;
using Gateway.Core.Tests.Upstream.Support;
using Gateway.Core.Upstream.Failures;
using Gateway.Core.Upstream.Retries;
using Gateway.Testing.Http2;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Core.Tests.Upstream.Retries;

/// <summary>Calls that the upstream says it has not touched: one layer makes them again, within their attempts and the budget.</summary>
public sealed class RefusedCallTests
{
    private const int NoError = 0x0; // RFC 9113, section 7
    private const int RefusedStream = 0x7;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_AlwaysRefused_IsSentOnceForEachAttempt(bool streaming)
    {
        await using var server = new RefusingPeer();
        await using var upstream = new UpstreamFixture([[server.Address]], UpstreamFixture.AtOnce);

        var status = await CallAsync(upstream, streaming);

        Assert.Equal((GrpcStatusCode.Unavailable, "the upstream refused the call", 3), (status.Code, status.Message, server.Calls));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_AlwaysRefused_SpendsTheBudget(bool streaming)
    {
        await using var server = new RefusingPeer();
        await using var upstream = new UpstreamFixture([[server.Address]], UpstreamFixture.AtOnce with { Budget = 10 });

        for (var i = 0; i < 4; i++)
        {
            await CallAsync(upstream, streaming);
        }

        // Three attempts and a fourth; the fifth leaves half of the tokens, and so do all after it.
        Assert.Equal(3 + 2 + 1 + 1, server.Calls);
    }

    [Fact]
    public async Task Call_RefusedAtTheOnlyAddress_IsMadeAgainAfterAWait()
    {
        await using var server = new RefusingPeer(times: 1);
        await using var upstream = new UpstreamFixture(server.Address);

        var call = CallAsync(upstream, streaming: false);
        Assert.NotSame(call, await Task.WhenAny(call, upstream.Clock.NextTimerAsync()));
        Assert.Equal(1, server.Calls);
        upstream.Clock.Advance(FirstWait);

        Assert.Equal((CallOutcome.OK, 2), (await call, server.Calls));
    }

    [Fact]
    public async Task Call_RefusedAtOneAddress_GoesToAnotherAtOnceAndTakesFromTheBudget()
    {
        await using var first = new RefusingPeer();
        await using var second = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture([[first.Address], [second.Address]], new RetryOptions { Budget = 4 });

        var codes = new List<GrpcStatusCode>();
        for (var i = 0; i < 3; i++)
        {
            var call = CallAsync(upstream, streaming: false);
            Assert.Same(call, await Task.WhenAny(call, upstream.Clock.NextTimerAsync()));
            codes.Add((await call).Code);
        }

        // Each takes a token and its success gives a tenth back: after the third, less than half of the four are left.
        Assert.Equal([GrpcStatusCode.OK, GrpcStatusCode.OK, GrpcStatusCode.Unavailable], codes);
        Assert.Equal((3, 2), (first.Calls, second.Calls));
    }

    [Fact]
    public async Task LargeBody_RefusedMidway_IsSentWholeAgain()
    {
        var request = new byte[1024 * 1024];
        new Random(1).NextBytes(request);
        byte[] received = [];
        await using var server = await TestUpstream.StartAsync(
            call =>
            {
                call.HttpContext.Features.GetRequiredFeature<IHttpResetFeature>().Reset(RefusedStream);
                return Task.FromResult(GrpcStatus.DefaultSuccess);
            },
            async call =>
            {
                using var whole = await call.ReadSingleAsync();
                received = whole.Span.ToArray();
                await call.WriteAsync(Answers.Success);
                return GrpcStatus.DefaultSuccess;
            });
        await using var upstream = new UpstreamFixture([[server.Address]], UpstreamFixture.AtOnce);

        using var result = await upstream.Client.CallAsync(UpstreamFixture.Unary, new ReadOnlySequence<byte>(request), default);

        Assert.Equal((CallOutcome.OK, 2), (result.Outcome, server.Calls));
        Assert.Equal(request, received);
    }

    [Fact]
    public async Task Call_BeyondTheLastOfAGoAway_SucceedsOnAnotherConnection()
    {
        var connections = 0;
        await using var server = new Http2Peer(async connection =>
        {
            var isFirst = Interlocked.Increment(ref connections) == 1;
            await connection.OpenAsync();
            var call = await connection.ReadCallAsync();
            await (isFirst ? connection.GoAwayAsync(lastStream: 0, NoError) : connection.AnswerAsync(call));
        });
        await using var upstream = new UpstreamFixture([[server.Address]], UpstreamFixture.AtOnce);

        Assert.Equal((CallOutcome.OK, 2), (await CallAsync(upstream, streaming: false), connections));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_EveryConnectionGoesAway_IsSentOnceForEachAttempt(bool streaming)
    {
        var calls = 0;
        await using var server = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            await connection.ReadCallAsync();
            Interlocked.Increment(ref calls);
            await connection.GoAwayAsync(lastStream: 0, NoError);
        });
        await using var upstream = new UpstreamFixture([[server.Address]], UpstreamFixture.AtOnce);

        var status = await CallAsync(upstream, streaming);

        Assert.Equal((GrpcStatusCode.Unavailable, 3), (status.Code, calls));
    }

    private static async Task<CallOutcome> CallAsync(UpstreamFixture upstream, bool streaming)
    {
        if (!streaming)
        {
            using var result = await upstream.CallAsync();
            return result.Outcome;
        }

        await using var stream = upstream.Stream();
        while (await stream.ReadAsync() is { } message)
        {
            message.Dispose();
        }

        return stream.Outcome;
    }
}
