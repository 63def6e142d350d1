using System.Buffers;
using System.Security.Cryptography;
using Clarifai.Api.Status;
using Gateway.Core.Tests.Upstream.Support;
using Gateway.Core.Upstream.Failures;
using Gateway.Core.Upstream.Retries;
using Gateway.Testing;

namespace Gateway.Core.Tests.Upstream.Retries;

/// <summary>Unary calls whose first attempts fail, over real connections.</summary>
public sealed class UnaryRetryTests
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task Unavailable_ThenOk_IsOk()
    {
        await using var server = await TestUpstream.StartAsync(Answers.Unavailable, Answers.Unavailable, Answers.Ok);
        await using var upstream = new UpstreamFixture(server.Address);

        var call = upstream.CallAsync();
        await upstream.PassWaitAsync(FirstWait);
        await upstream.PassWaitAsync(FirstWait * 2);

        using var result = await call;
        Assert.Equal((StatusCode.Success, 3), (Answers.CodeOf(result.Message), server.Calls));
    }

    [Fact]
    public async Task Unavailable_AnotherAddress_IsTriedNext()
    {
        await using var first = await TestUpstream.StartAsync(Answers.Unavailable);
        await using var second = await TestUpstream.StartAsync(Answers.Unavailable);
        await using var third = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture([[first.Address, second.Address], [third.Address]], UpstreamFixture.AtOnce);

        using var result = await upstream.CallAsync();

        Assert.True(result.Outcome.IsOK);
        Assert.Equal((1, 1, 1), (first.Calls, second.Calls, third.Calls));
    }

    [Fact]
    public async Task Unavailable_ToTheEnd_IsTheUpstreamsLastAnswer()
    {
        await using var server = await TestUpstream.StartAsync((number, _) =>
            Task.FromResult(new GrpcStatus(GrpcStatusCode.Unavailable, $"attempt {number}")));
        await using var upstream = new UpstreamFixture([[server.Address]], UpstreamFixture.AtOnce);

        using var result = await upstream.CallAsync();

        Assert.Equal((new CallOutcome(GrpcStatusCode.Unavailable, "attempt 3"), 3), (result.Outcome, server.Calls));
    }

    [Theory]
    [InlineData(GrpcStatusCode.Internal)]
    [InlineData(GrpcStatusCode.DeadlineExceeded)]
    [InlineData(GrpcStatusCode.ResourceExhausted)]
    [InlineData(GrpcStatusCode.Aborted)]
    public async Task OtherStatuses_AreNotRetried(GrpcStatusCode code)
    {
        await using var server = await TestUpstream.StartAsync(_ => Task.FromResult(new GrpcStatus(code, "")), Answers.Ok);
        await using var upstream = new UpstreamFixture([[server.Address]], UpstreamFixture.AtOnce);

        using var result = await upstream.CallAsync();

        Assert.Equal((code, 1), (result.Outcome.Code, server.Calls));
    }

    [Theory]
    [InlineData(21351)]
    [InlineData(21354)]
    [InlineData(21355)]
    public async Task Loading_Twice_ThenTheAnswer(int code)
    {
        var loading = Answers.Say((StatusCode)code);
        await using var server = await TestUpstream.StartAsync(loading, loading, Answers.Ok);
        await using var upstream = new UpstreamFixture(server.Address);

        var call = upstream.CallAsync();
        await upstream.PassWaitAsync(FirstWait);
        await upstream.PassWaitAsync(FirstWait * 2);

        using var result = await call;
        Assert.Equal((StatusCode.Success, 3), (Answers.CodeOf(result.Message), server.Calls));
    }

    [Theory]
    [InlineData(StatusCode.TryAgain)]
    [InlineData(StatusCode.ModelDeploymentFailed)]
    [InlineData(StatusCode.Failure)]
    public async Task OtherCodes_AreNotRetried(StatusCode code)
    {
        await using var server = await TestUpstream.StartAsync(Answers.Say(code), Answers.Ok);
        await using var upstream = new UpstreamFixture([[server.Address]], UpstreamFixture.AtOnce);

        using var result = await upstream.CallAsync();

        Assert.Equal((code, 1), (Answers.CodeOf(result.Message), server.Calls));
    }

    [Fact]
    public async Task Loading_ForTooLong_IsTheUpstreamsLastAnswer()
    {
        await using var server = await TestUpstream.StartAsync(Answers.Say(StatusCode.ModelLoading));
        await using var upstream = new UpstreamFixture([[server.Address]], new RetryOptions { LoadingTimeout = TimeSpan.FromSeconds(30) });

        var call = upstream.CallAsync();
        var waited = TimeSpan.Zero;
        while (await Task.WhenAny(call, upstream.Clock.NextTimerAsync()) != call)
        {
            upstream.Clock.Advance(TimeSpan.FromSeconds(5));
            waited += TimeSpan.FromSeconds(5);
        }

        using var result = await call;
        Assert.Equal(StatusCode.ModelLoading, Answers.CodeOf(result.Message));
        Assert.InRange(waited, TimeSpan.FromSeconds(25), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Loading_AtOneAddress_DoesNotTurnToTheFailover()
    {
        await using var first = await TestUpstream.StartAsync(Answers.Say(StatusCode.ModelLoading), Answers.Ok);
        await using var second = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture([[first.Address], [second.Address]], UpstreamFixture.AtOnce);

        using var result = await upstream.CallAsync();

        Assert.Equal((2, 0), (first.Calls, second.Calls));
    }

    [Theory]
    [InlineData("grpc-retry-pushback-ms", "2500", 2.5)]
    [InlineData("retry-after", "3", 3)]
    public async Task Pushback_IsWaitedForExactly(string trailer, string value, double seconds)
    {
        await using var server = await TestUpstream.StartAsync(Answers.UnavailableWith(trailer, value), Answers.Ok);
        await using var upstream = new UpstreamFixture(server.Address);

        var call = upstream.CallAsync();
        await upstream.Clock.NextTimerAsync();
        upstream.Clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
        Assert.Equal((1, 1), (upstream.Clock.WaitingTimers, server.Calls));
        upstream.Clock.Advance(TimeSpan.FromTicks(1));

        using var result = await call;
        Assert.Equal((true, 2), (result.Outcome.IsOK, server.Calls));
    }

    [Fact]
    public async Task Pushback_OfAnAnswer_IsReadFromItsTrailers()
    {
        await using var server = await TestUpstream.StartAsync(
            async call =>
            {
                call.ResponseTrailers.Add("retry-after", "7");
                return await Answers.Say(StatusCode.ModelLoading)(call);
            },
            Answers.Ok);
        await using var upstream = new UpstreamFixture(server.Address);

        var call = upstream.CallAsync();
        await upstream.PassWaitAsync(TimeSpan.FromSeconds(7));

        using var result = await call;
        Assert.Equal(StatusCode.Success, Answers.CodeOf(result.Message));
    }

    [Fact]
    public async Task Pushback_Negative_EndsTheCall()
    {
        await using var server = await TestUpstream.StartAsync(Answers.UnavailableWith("grpc-retry-pushback-ms", "-1"), Answers.Ok);
        await using var upstream = new UpstreamFixture([[server.Address]], UpstreamFixture.AtOnce);

        using var result = await upstream.CallAsync();

        Assert.Equal((GrpcStatusCode.Unavailable, 1), (result.Outcome.Code, server.Calls));
    }

    [Fact]
    public async Task Budget_Spent_StopsRetries()
    {
        await using var server = await TestUpstream.StartAsync(Answers.Unavailable);
        await using var upstream = new UpstreamFixture([[server.Address]], UpstreamFixture.AtOnce with { Budget = 10 });

        for (var i = 0; i < 4; i++)
        {
            using var result = await upstream.CallAsync();
        }

        // Three attempts and a fourth; the fifth leaves half of the tokens, and so do all after it.
        Assert.Equal(3 + 2 + 1 + 1, server.Calls);
    }

    [Fact]
    public async Task Budget_Spent_SuccessesBringRetriesBack()
    {
        await using var server = await TestUpstream.StartAsync((number, call) => number is > 5 and <= 16 ? Answers.Ok(call) : Answers.Unavailable(call));
        await using var upstream = new UpstreamFixture([[server.Address]], UpstreamFixture.AtOnce with { Budget = 10, MaxAttempts = 2 });

        // Two calls of two attempts, one of one: half of the tokens are gone. Eleven successes, and a retry is possible again.
        for (var i = 0; i < 2 + 1 + 11; i++)
        {
            using var result = await upstream.CallAsync();
        }

        Assert.Equal(2 + 2 + 1 + 11, server.Calls);
        using var retried = await upstream.CallAsync();
        Assert.Equal(16 + 2, server.Calls);
    }

    [Fact]
    public async Task Deadline_BeforeTheNextAttempt_IsTheUpstreamsLastAnswerAtOnce()
    {
        var timeouts = new List<TimeSpan?>();
        await using var server = await TestUpstream.StartAsync((number, call) =>
        {
            timeouts.Add(call.Timeout);
            return Answers.UnavailableWith("retry-after", "4")(call);
        });
        await using var upstream = new UpstreamFixture([[server.Address]], new RetryOptions { MaxAttempts = 10 });

        var call = upstream.CallAsync(timeout: TimeSpan.FromSeconds(60));
        for (var i = 0; i < 2; i++)
        {
            await upstream.PassWaitAsync(TimeSpan.FromSeconds(28));
        }

        // After 56 s another wait of 4 s would use up the time.
        using var result = await call;
        Assert.Equal((GrpcStatusCode.Unavailable, "come back later"), (result.Outcome.Code, result.Outcome.Message));
        Assert.Equal([60, 32, 4], timeouts.Select(timeout => Math.Round(timeout!.Value.TotalSeconds)));
    }

    [Fact]
    public async Task Deadline_PassedByALateWait_EndsTheCall()
    {
        await using var server = await TestUpstream.StartAsync(Answers.Unavailable);
        await using var upstream = new UpstreamFixture(server.Address);

        var call = upstream.CallAsync(timeout: TimeSpan.FromSeconds(60));
        await upstream.PassWaitAsync(TimeSpan.FromMinutes(2));

        using var result = await call;
        Assert.Equal((GrpcStatusCode.DeadlineExceeded, 1), (result.Outcome.Code, server.Calls));
    }

    [Fact]
    public async Task Client_GoneDuringTheWait_EndsAtOnce()
    {
        await using var server = await TestUpstream.StartAsync(Answers.Unavailable);
        await using var upstream = new UpstreamFixture(server.Address);
        using var leaving = new CancellationTokenSource();

        var call = upstream.CallAsync(cancellationToken: leaving.Token);
        await upstream.Clock.NextTimerAsync();
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal((0, 1), (upstream.Clock.WaitingTimers, server.Calls));
    }

    [Fact]
    public async Task Address_Refuses_AnotherServesWithoutAWait()
    {
        await using var server = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture(Nobody.At(), Nobody.At(), Nobody.At(), server.Address);

        using var result = await upstream.CallAsync();

        Assert.Equal((true, 1), (result.Outcome.IsOK, server.Calls));
    }

    [Fact]
    public async Task Upstream_DiesDuringTheCall_AnotherAddressServesIt()
    {
        await using var first = await TestUpstream.StartAsync(async call =>
        {
            await call.StartAsync();
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
            return GrpcStatus.DefaultSuccess;
        });
        await using var second = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture([[first.Address], [second.Address]], UpstreamFixture.AtOnce);

        var call = upstream.CallAsync();
        while (first.Calls == 0)
        {
            await Task.Yield();
        }

        first.BreakConnections();

        using var result = await call;
        Assert.Equal((true, 1), (result.Outcome.IsOK, second.Calls));
    }

    [Fact]
    public async Task Attempts_SayTheirNumberAndCarryTheSameMetadata()
    {
        var seen = new List<(string? Previous, string? Key, string? Id)>();
        await using var server = await TestUpstream.StartAsync((number, call) =>
        {
            var headers = call.RequestHeaders;
            seen.Add((headers.GetValue("grpc-previous-rpc-attempts"), headers.GetValue("authorization"), headers.GetValue("x-request-id")));
            return number < 3 ? Answers.Unavailable(call) : Answers.Ok(call);
        });
        await using var upstream = new UpstreamFixture([[server.Address]], UpstreamFixture.AtOnce);

        using var result = await upstream.CallAsync();

        Assert.Equal([(null, "Key token", "id"), ("1", "Key token", "id"), ("2", "Key token", "id")], seen);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task LargeBody_IsSentWholeAgain(bool firstReadsIt)
    {
        var request = new byte[32 * 1024 * 1024];
        new Random(1).NextBytes(request);
        byte[]? received = null;
        await using var server = await TestUpstream.StartAsync(
            async call =>
            {
                if (firstReadsIt)
                {
                    using var whole = await call.ReadSingleAsync();
                }

                return await Answers.Unavailable(call);
            },
            async call =>
            {
                using var whole = await call.ReadSingleAsync();
                received = SHA256.HashData(whole.Span);
                await call.WriteAsync(Answers.Success);
                return GrpcStatus.DefaultSuccess;
            });
        await using var upstream = new UpstreamFixture([[server.Address]], UpstreamFixture.AtOnce);

        using var result = await upstream.Client.CallAsync(UpstreamFixture.Unary, new ReadOnlySequence<byte>(request), default);

        Assert.True(result.Outcome.IsOK, result.Outcome.Message);
        Assert.Equal(SHA256.HashData(request), received);
    }
}
