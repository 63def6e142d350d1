using System.Buffers;
using System.Security.Cryptography;
using Clarifai.Api.Status;
using Gateway.Core.Tests.Upstream.Support;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Failures;
using Gateway.Core.Upstream.Retries;
using Gateway.Testing.Grpc;

namespace Gateway.Core.Tests.Upstream.Retries;

/// <summary>Streams whose first attempts fail, over real connections.</summary>
public sealed class StreamRetryTests
{
    [Fact]
    public async Task FirstMessages_UnavailableThenLoading_AreRetried()
    {
        await using var server = await TestUpstream.StartAsync(Answers.Unavailable, Answers.Say(StatusCode.ModelLoading), Two);
        await using var upstream = new UpstreamFixture([[server.Address]], UpstreamFixture.AtOnce);
        await using var stream = upstream.Stream();

        Assert.Equal([StatusCode.Success, StatusCode.MixedStatus], await ReadAsync(stream));
        Assert.Equal((CallOutcome.OK, 3), (stream.Outcome, server.Calls));
        Assert.Equal("of 3", stream.Headers.GetValue("x-attempt"));
        Assert.Equal("end", stream.Trailers.GetValue("x-trailer"));
    }

    [Fact]
    public async Task Loading_StreamLeftOpen_IsResetBeforeTheWait()
    {
        var reset = new TaskCompletionSource();
        await using var server = await TestUpstream.StartAsync(
            async call =>
            {
                call.CancellationToken.Register(reset.SetResult);
                await call.WriteAsync(Answers.Message(StatusCode.ModelLoading));
                await reset.Task;
                return GrpcStatus.DefaultSuccess;
            },
            Two);
        await using var upstream = new UpstreamFixture(server.Address);
        await using var stream = upstream.Stream();

        var read = ReadAsync(stream);
        await upstream.Clock.NextTimerAsync();
        await reset.Task.WaitAsync(TimeSpan.FromSeconds(30));
        upstream.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal([StatusCode.Success, StatusCode.MixedStatus], await read);
    }

    [Fact]
    public async Task Loading_ForTooLong_IsTheUpstreamsLastMessage()
    {
        await using var server = await TestUpstream.StartAsync(Answers.Say(StatusCode.ModelBusyPleaseRetry));
        await using var upstream = new UpstreamFixture([[server.Address]], new RetryOptions { LoadingTimeout = TimeSpan.Zero });
        await using var stream = upstream.Stream();

        Assert.Equal([StatusCode.ModelBusyPleaseRetry], await ReadAsync(stream));
        Assert.Equal((CallOutcome.OK, 1), (stream.Outcome, server.Calls));
    }

    [Fact]
    public async Task Failure_AfterTheFirstMessage_IsNotRetried()
    {
        await using var server = await TestUpstream.StartAsync(async call =>
        {
            await call.WriteAsync(Answers.Success);
            return await Answers.Unavailable(call);
        });
        await using var upstream = new UpstreamFixture([[server.Address]], UpstreamFixture.AtOnce);
        await using var stream = upstream.Stream();

        Assert.Equal([StatusCode.Success], await ReadAsync(stream));
        Assert.Equal((GrpcStatusCode.Unavailable, 1), (stream.Outcome.Code, server.Calls));
    }

    [Fact]
    public async Task LoadingStatus_InALaterMessage_IsNotRetried()
    {
        await using var server = await TestUpstream.StartAsync(async call =>
        {
            await call.WriteAsync(Answers.Success);
            await call.WriteAsync(Answers.Message(StatusCode.ModelLoading));
            return GrpcStatus.DefaultSuccess;
        });
        await using var upstream = new UpstreamFixture([[server.Address]], UpstreamFixture.AtOnce);
        await using var stream = upstream.Stream();

        Assert.Equal([StatusCode.Success, StatusCode.ModelLoading], await ReadAsync(stream));
        Assert.Equal(1, server.Calls);
    }

    [Fact]
    public async Task FirstMessageTimeout_SpansTheAttempts()
    {
        await using var server = await TestUpstream.StartAsync(Answers.UnavailableWith("retry-after", "4"));
        await using var upstream = new UpstreamFixture([[server.Address]], new RetryOptions { MaxAttempts = 10 });
        await using var stream = upstream.Stream(new UpstreamCall { FirstMessageTimeout = TimeSpan.FromSeconds(60) });

        var read = stream.ReadAsync().AsTask();
        await upstream.PassWaitAsync(TimeSpan.FromSeconds(28));
        await upstream.PassWaitAsync(TimeSpan.FromSeconds(28));

        Assert.Null(await read);
        Assert.Equal((GrpcStatusCode.Unavailable, 3), (stream.Outcome.Code, server.Calls));
    }

    [Theory]
    [InlineData(3_599_800)]
    [InlineData(10_000_000)]
    public async Task FirstMessageTimeout_LeftOverOrNot_LimitsTheNextAttempt(int milliseconds)
    {
        await using var server = await TestUpstream.StartAsync(Answers.Unavailable, async call =>
        {
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
            return GrpcStatus.DefaultSuccess;
        });
        await using var upstream = new UpstreamFixture(server.Address);
        await using var stream = upstream.Stream(new UpstreamCall { FirstMessageTimeout = TimeSpan.FromHours(1) });

        var read = stream.ReadAsync().AsTask();
        await upstream.PassWaitAsync(TimeSpan.FromMilliseconds(milliseconds));

        Assert.Null(await read);
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, stream.Outcome.Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_GoneDuringTheWait_EndsAtOnce(bool byTheRead)
    {
        await using var server = await TestUpstream.StartAsync(Answers.Unavailable);
        await using var upstream = new UpstreamFixture(server.Address);
        using var leaving = new CancellationTokenSource();
        await using var stream = upstream.Stream(byTheRead ? default : new UpstreamCall { CancellationToken = leaving.Token });

        var read = stream.ReadAsync(byTheRead ? leaving.Token : default).AsTask();
        await upstream.Clock.NextTimerAsync();
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        Assert.Equal((0, 1), (upstream.Clock.WaitingTimers, server.Calls));
        Assert.Null(await stream.ReadAsync());
        Assert.Equal(1, server.Calls);
    }

    [Fact]
    public async Task Disposal_DuringTheWait_EndsTheRead()
    {
        await using var server = await TestUpstream.StartAsync(Answers.Unavailable);
        await using var upstream = new UpstreamFixture(server.Address);
        var stream = upstream.Stream();

        var read = stream.ReadAsync().AsTask();
        await upstream.Clock.NextTimerAsync();
        await stream.DisposeAsync();

        Assert.Null(await read);
        Assert.Equal((GrpcStatusCode.Unavailable, 1), (stream.Outcome.Code, server.Calls));
        Assert.Equal(0, upstream.Clock.WaitingTimers);
    }

    [Fact]
    public async Task Disposal_BeforeTheFirstMessage_ResetsTheCall()
    {
        var called = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var server = await TestUpstream.StartAsync(async call =>
        {
            call.CancellationToken.Register(cancelled.SetResult);
            called.SetResult();
            await cancelled.Task;
            return GrpcStatus.DefaultSuccess;
        });
        await using var upstream = new UpstreamFixture([[server.Address]], UpstreamFixture.AtOnce);
        var stream = upstream.Stream();

        var read = stream.ReadAsync().AsTask();
        await called.Task;
        await stream.DisposeAsync();

        Assert.Null(await read);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal((GrpcStatusCode.Cancelled, 1), (stream.Outcome.Code, server.Calls));
    }

    [Fact]
    public async Task Disposal_WithoutARead_MakesNoCall()
    {
        await using var server = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture(server.Address);
        var stream = upstream.Stream();

        await stream.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => stream.ReadAsync().AsTask());
        Assert.Equal(0, server.Calls);
    }

    [Fact]
    public async Task LargeBody_IsSentWholeAgain()
    {
        var request = new byte[32 * 1024 * 1024];
        new Random(1).NextBytes(request);
        byte[]? received = null;
        await using var first = await TestUpstream.StartAsync(Answers.Say(StatusCode.ModelDeploying), async call =>
        {
            using var whole = await call.ReadSingleAsync();
            received = SHA256.HashData(whole.Span);
            return await Two(call);
        });
        await using var upstream = new UpstreamFixture([[first.Address]], UpstreamFixture.AtOnce);
        await using var stream = upstream.Client.Stream(UpstreamFixture.ServerStreaming, new ReadOnlySequence<byte>(request), default);

        Assert.Equal([StatusCode.Success, StatusCode.MixedStatus], await ReadAsync(stream));
        Assert.Equal(SHA256.HashData(request), received);
    }

    private static async Task<GrpcStatus> Two(GrpcServerCall call)
    {
        call.ResponseHeaders.Add("x-attempt", $"of {1 + int.Parse(call.RequestHeaders.GetValue("grpc-previous-rpc-attempts") ?? "0")}");
        call.ResponseTrailers.Add("x-trailer", "end");
        await call.WriteAsync(Answers.Success);
        await call.WriteAsync(Answers.Message(StatusCode.MixedStatus));
        return GrpcStatus.DefaultSuccess;
    }

    private static async Task<List<StatusCode>> ReadAsync(UpstreamStream stream)
    {
        var codes = new List<StatusCode>();
        while (await stream.ReadAsync() is { } message)
        {
            using (message)
            {
                codes.Add(Answers.CodeOf(message));
            }
        }

        return codes;
    }
}
