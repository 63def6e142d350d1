using Gateway.Core.Tests.Upstream.Support;
using Gateway.Core.Upstream;
using Gateway.Testing;
using Grpc.Core;

namespace Gateway.Core.Tests.Upstream.Calls;

/// <summary>Deadlines, with clocks that move when told.</summary>
public sealed class DeadlineTests
{
    // So long that the server's own clock does not come into it.
    private static readonly UpstreamCall OneHour = new() { Timeout = TimeSpan.FromHours(1) };
    private static readonly Outcome Exceeded = new(StatusCode.DeadlineExceeded, "the call did not end within its 3600 s");

    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public async Task Unary_ClockPasses_IsDeadlineExceededAndTheServerIsCancelled()
    {
        var handler = new WaitingHandler();
        await using var pair = await UpstreamPair.StartAsync(handler.RunAsync, OnClock());

        var call = pair.Upstream.UnaryAsync(Bytes.Of("x"), OneHour);
        await handler.Started;
        _clock.Advance(TimeSpan.FromMinutes(59));
        Assert.False(call.IsCompleted);
        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(Exceeded, (await call).Outcome);
        await handler.Cancelled;
        Assert.Equal(0, _clock.WaitingTimers);
    }

    [Fact]
    public async Task Unary_RealClockPasses_IsDeadlineExceeded()
    {
        var handler = new WaitingHandler();
        await using var pair = await UpstreamPair.StartAsync(handler.RunAsync);

        var reply = await pair.Upstream.UnaryAsync(Bytes.Of("x"), new UpstreamCall { Timeout = TimeSpan.FromMilliseconds(300) });

        // The server's clock may be the quicker one, and then the words are its own.
        Assert.Equal(StatusCode.DeadlineExceeded, reply.Code);
    }

    [Fact]
    public async Task Stream_DeadlineBetweenReads_EndsTheStream()
    {
        var handler = new WaitingHandler("first");
        await using var pair = await UpstreamPair.StartAsync(handler.RunAsync, OnClock());
        await using var stream = pair.Upstream.Stream(Bytes.Of("x"), OneHour);

        Assert.Equal("first", (await stream.ReadAsync()).Text());
        _clock.Advance(TimeSpan.FromHours(1));
        await handler.Cancelled; // nobody reads: the reset is sent all the same

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(Exceeded, stream.End.Outcome);
    }

    [Fact]
    public async Task Duplex_DeadlineWhileReadingAndWriting_EndsBoth()
    {
        var handler = new WaitingHandler();
        await using var pair = await UpstreamPair.StartAsync(handler.RunAsync, OnClock());
        await using var stream = pair.Upstream.Duplex(OneHour);

        var read = stream.ReadAsync().AsTask();
        var write = stream.WriteAsync(Bytes.Of(new byte[8 * 1024 * 1024])).AsTask(); // more than the server takes in unread
        await handler.Started;
        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Null(await read);
        Assert.False(await write);
        Assert.Equal(Exceeded, stream.End.Outcome);
        await handler.Cancelled;
    }

    [Fact]
    public async Task Duplex_CallerCancelsAfterTheDeadline_DeadlineStays()
    {
        var handler = new WaitingHandler();
        await using var pair = await UpstreamPair.StartAsync(handler.RunAsync, OnClock());
        using var caller = new CancellationTokenSource();
        await using var stream = pair.Upstream.Duplex(OneHour with { CancellationToken = caller.Token });

        await handler.Started;
        _clock.Advance(TimeSpan.FromHours(1));
        await caller.CancelAsync();

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(Exceeded, stream.End.Outcome);
    }

    [Fact]
    public async Task Call_Ends_TimerIsStopped()
    {
        await using var pair = await UpstreamPair.StartAsync(_ => Task.FromResult(new Status(StatusCode.Aborted, "")), OnClock());

        Assert.All(await pair.Upstream.CallEveryKindAsync(OneHour), reply => Assert.Equal(StatusCode.Aborted, reply.Code));
        Assert.True(_clock.TimerSet.IsCompleted);
        Assert.Equal(0, _clock.WaitingTimers);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task Call_NoTimeLeft_IsNotEvenSent(int seconds)
    {
        var called = false;
        await using var pair = await UpstreamPair.StartAsync(_ =>
        {
            called = true;
            return Task.FromResult(Status.DefaultSuccess);
        });

        var replies = await pair.Upstream.CallEveryKindAsync(new UpstreamCall { Timeout = TimeSpan.FromSeconds(seconds) });

        Assert.All(replies, reply => Assert.Equal(new Outcome(StatusCode.DeadlineExceeded, "the deadline passed before the call was sent"), reply.Outcome));
        Assert.False(called);
    }

    [Fact]
    public async Task Timeout_LongestThereIs_Works()
    {
        await using var pair = await UpstreamPair.StartAsync(_ => Task.FromResult(new Status(StatusCode.Aborted, "")));

        Assert.All(
            await pair.Upstream.CallEveryKindAsync(new UpstreamCall { Timeout = TimeSpan.MaxValue }), reply => Assert.Equal(StatusCode.Aborted, reply.Code));
    }

    [Fact]
    public async Task Server_IsToldOfTheDeadline()
    {
        TimeSpan? left = null;
        await using var pair = await UpstreamPair.StartAsync(call =>
        {
            left = call.Timeout;
            return Task.FromResult(new Status(StatusCode.Aborted, ""));
        });

        await pair.Upstream.UnaryAsync(Bytes.Of("x"), OneHour);

        Assert.InRange(left!.Value, TimeSpan.FromMinutes(55), TimeSpan.FromMinutes(61));
    }

    private ChannelOptions OnClock() => new() { TimeProvider = _clock };
}
