using Gateway.Core.Tests.Upstream.Support;
using Gateway.Core.Upstream;
using Gateway.Testing;
using Gateway.Testing.Grpc;
using Grpc.Core;

namespace Gateway.Core.Tests.Upstream.Calls;

/// <summary>The limits of how long an upstream may be silent, with a clock that moves when told.</summary>
public sealed class SilenceTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AlmostAMinute = TimeSpan.FromSeconds(59);
    private static readonly UpstreamCall FirstWithinAMinute = new() { FirstMessageTimeout = Minute };
    private static readonly UpstreamCall EachWithinAMinute = new() { FirstMessageTimeout = Minute, IdleTimeout = Minute };
    private static readonly Outcome NoFirstMessage = new(StatusCode.DeadlineExceeded, "the upstream sent no message within 60 s");
    private static readonly Outcome NoMessageEitherWay = new(StatusCode.DeadlineExceeded, "neither side sent a message within 60 s");

    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public async Task Unary_NoAnswer_EndsAfterTheFirstMessageTimeoutAndTheServerIsCancelled()
    {
        var handler = new WaitingHandler();
        await using var pair = await StartAsync(handler.RunAsync);

        var call = pair.Upstream.UnaryAsync(Bytes.Of("x"), FirstWithinAMinute);
        await handler.Started;
        _clock.Advance(AlmostAMinute);
        Assert.False(call.IsCompleted);
        _clock.Advance(Minute);

        Assert.Equal(NoFirstMessage, (await call.WaitAsync(TimeSpan.FromSeconds(30))).Outcome);
        await handler.Cancelled;
        Assert.Equal(0, _clock.WaitingTimers);
    }

    [Fact]
    public async Task Stream_NoAnswer_EndsAfterTheFirstMessageTimeoutAndTheServerIsCancelled()
    {
        var handler = new WaitingHandler();
        await using var pair = await StartAsync(handler.RunAsync);
        await using var stream = pair.Upstream.Stream(Bytes.Of("x"), FirstWithinAMinute);

        var read = stream.ReadAsync().AsTask();
        await handler.Started;
        _clock.Advance(AlmostAMinute);
        Assert.False(read.IsCompleted);
        _clock.Advance(Minute);

        Assert.Null(await read);
        Assert.Equal(NoFirstMessage, stream.End.Outcome);
        await handler.Cancelled;
        Assert.Equal(0, _clock.WaitingTimers);
    }

    [Fact]
    public async Task Stream_SilentAfterAMessage_EndsAfterTheIdleTimeout()
    {
        var handler = new WaitingHandler("first");
        await using var pair = await StartAsync(handler.RunAsync);
        await using var stream = pair.Upstream.Stream(
            Bytes.Of("x"), new UpstreamCall { FirstMessageTimeout = TimeSpan.FromHours(1), IdleTimeout = TimeSpan.FromSeconds(1.5) });

        Assert.NotNull(await stream.ReadAsync());
        var second = stream.ReadAsync().AsTask();
        _clock.Advance(TimeSpan.FromSeconds(1.4));
        Assert.False(second.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Null(await second);
        Assert.Equal(new Outcome(StatusCode.DeadlineExceeded, "the upstream sent no further message within 1.5 s"), stream.End.Outcome);
        await handler.Cancelled;
    }

    [Fact]
    public async Task Stream_MessagesKeepComing_LastsLongerThanEitherLimit()
    {
        using var next = new SemaphoreSlim(0);
        await using var pair = await StartAsync(async call =>
        {
            for (var i = 0; i < 5; i++)
            {
                await next.WaitAsync();
                await call.WriteAsync("x"u8.ToArray());
            }

            return Status.DefaultSuccess;
        });
        await using var stream = pair.Upstream.Stream(Bytes.Of("x"), EachWithinAMinute);

        for (var i = 0; i < 5; i++)
        {
            var read = stream.ReadAsync().AsTask();
            _clock.Advance(AlmostAMinute);
            next.Release();
            Assert.NotNull(await read);
        }

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(Outcome.OK, stream.End.Outcome);
    }

    [Fact]
    public async Task Stream_MessagesThatAreWaitedFor_SetTheTimerOnce()
    {
        const int messages = 5;
        using var next = new SemaphoreSlim(0);
        await using var pair = await StartAsync(async call =>
        {
            for (var i = 0; i < messages; i++)
            {
                await next.WaitAsync();
                await call.WriteAsync("x"u8.ToArray());
            }

            return Status.DefaultSuccess;
        });
        await using var stream = pair.Upstream.Stream(Bytes.Of("x"), EachWithinAMinute);

        for (var i = 0; i < messages; i++)
        {
            var read = stream.ReadAsync().AsTask();
            next.Release();
            Assert.NotNull(await read);
        }

        Assert.True(_clock.NextTimerAsync(Minute).IsCompleted);
        Assert.False(_clock.NextTimerAsync(Minute).IsCompleted);
    }

    [Fact]
    public async Task Stream_SlowReader_IsNoSilentUpstream()
    {
        var goOn = new TaskCompletionSource();
        await using var pair = await StartAsync(async call =>
        {
            await call.WriteAsync("first"u8.ToArray());
            await goOn.Task;
            return Status.DefaultSuccess;
        });
        await using var stream = pair.Upstream.Stream(Bytes.Of("x"), EachWithinAMinute);

        _clock.Advance(TimeSpan.FromHours(1));
        Assert.NotNull(await stream.ReadAsync());
        _clock.Advance(TimeSpan.FromHours(1));
        goOn.SetResult();

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(Outcome.OK, stream.End.Outcome);
    }

    [Fact]
    public async Task Duplex_WaitingForHeaders_CountsAsWaiting()
    {
        var handler = new WaitingHandler();
        await using var pair = await StartAsync(handler.RunAsync);
        await using var stream = pair.Upstream.Duplex(FirstWithinAMinute);

        await stream.CompleteAsync();
        var headers = stream.ReadHeadersAsync().AsTask();
        await handler.Started;
        _clock.Advance(Minute);

        Assert.Empty(await headers);
        Assert.Null(await stream.ReadAsync());
        Assert.Equal(NoFirstMessage, stream.End.Outcome);
    }

    [Fact]
    public async Task Duplex_WritesWhileReading_CountAsLife()
    {
        var handler = new WaitingHandler();
        await using var pair = await StartAsync(handler.RunAsync);
        await using var stream = pair.Upstream.Duplex(FirstWithinAMinute);

        var read = stream.ReadAsync().AsTask();
        await handler.Started;
        for (var i = 0; i < 3; i++)
        {
            _clock.Advance(AlmostAMinute);
            Assert.True(await stream.WriteAsync(Bytes.Of("x")));
        }

        _clock.Advance(AlmostAMinute);
        Assert.False(read.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await read);
        Assert.Equal(NoMessageEitherWay, stream.End.Outcome);
    }

    [Fact]
    public async Task Duplex_HalfClosed_TheUpstreamAloneIsSilent()
    {
        var handler = new WaitingHandler();
        await using var pair = await StartAsync(handler.RunAsync);
        await using var stream = pair.Upstream.Duplex(FirstWithinAMinute);

        await stream.CompleteAsync();
        var read = stream.ReadAsync().AsTask();
        await handler.Started;
        _clock.Advance(Minute);

        Assert.Null(await read);
        Assert.Equal(NoFirstMessage, stream.End.Outcome);
    }

    [Fact]
    public async Task Duplex_NobodyReads_HasNoLimit()
    {
        var handler = new WaitingHandler();
        await using var pair = await StartAsync(handler.RunAsync);
        await using var stream = pair.Upstream.Duplex(EachWithinAMinute);

        await handler.Started;
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.True(await stream.WriteAsync(Bytes.Of("x")));
        var read = stream.ReadAsync().AsTask();
        Assert.False(read.IsCompleted);
        _clock.Advance(Minute);

        Assert.Null(await read);
        Assert.Equal(NoMessageEitherWay, stream.End.Outcome);
    }

    [Fact]
    public async Task Limits_LongerThanATimerCanWait_AreNone()
    {
        await using var pair = await StartAsync(_ => Task.FromResult(new Status(StatusCode.Aborted, "")));

        var replies = await pair.Upstream.CallEveryKindAsync(new UpstreamCall { FirstMessageTimeout = TimeSpan.MaxValue, IdleTimeout = TimeSpan.MaxValue });

        Assert.All(replies, reply => Assert.Equal(StatusCode.Aborted, reply.Code));
        Assert.False(_clock.TimerSet.IsCompleted);
    }

    private Task<UpstreamPair> StartAsync(GrpcServerHandler handler) => UpstreamPair.StartAsync(handler, new ChannelOptions { TimeProvider = _clock });
}
