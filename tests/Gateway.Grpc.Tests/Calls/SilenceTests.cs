using Gateway.Grpc.Server;
using Gateway.Testing;

namespace Gateway.Grpc.Tests.Calls;

/// <summary>The limits of how long an upstream may be silent, with a clock that moves when told.</summary>
public sealed class SilenceTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AlmostAMinute = TimeSpan.FromSeconds(59);
    private static readonly CallOptions FirstWithinAMinute = new() { FirstMessageTimeout = Minute };
    private static readonly CallOptions NextWithinAMinute = new() { IdleTimeout = Minute };

    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public async Task Unary_NoAnswer_EndsAfterTheFirstMessageTimeoutAndTheServerIsCancelled()
    {
        var handler = new WaitingHandler();
        await using GrpcPair pair = await StartAsync(handler.RunAsync);

        ValueTask<UnaryResult> call = pair.Channel.UnaryAsync(GrpcPair.Path, Bytes.Of("x"), FirstWithinAMinute);
        await handler.Started;
        _clock.Advance(AlmostAMinute);
        Assert.False(call.IsCompleted);
        _clock.Advance(Minute);
        using UnaryResult result = await call;

        Assert.Equal(new GrpcStatus(GrpcStatusCode.DeadlineExceeded, "the upstream sent no message within 60 s"), result.Status);
        await handler.Cancelled;
        Assert.Equal(0, _clock.WaitingTimers);
    }

    [Fact]
    public async Task Unary_NoTrailersAfterTheMessage_EndsAfterTheIdleTimeout()
    {
        var handler = new WaitingHandler(Bytes.Of("answer"));
        await using GrpcPair pair = await StartAsync(handler.RunAsync);

        ValueTask<UnaryResult> call = pair.Channel.UnaryAsync(GrpcPair.Path, Bytes.Of("x"), NextWithinAMinute);
        await _clock.TimerSet;
        _clock.Advance(Minute);
        using UnaryResult result = await call;

        Assert.Equal(new GrpcStatus(GrpcStatusCode.DeadlineExceeded, "the upstream sent no further message within 60 s"), result.Status);
        await handler.Cancelled;
    }

    [Fact]
    public async Task ServerStreaming_SilentAfterAMessage_EndsAfterTheIdleTimeout()
    {
        var handler = new WaitingHandler(Bytes.Of("first"));
        await using GrpcPair pair = await StartAsync(handler.RunAsync);

        await using ServerStream stream = pair.Channel.ServerStreaming(
            GrpcPair.Path, Bytes.Of("x"), new CallOptions { FirstMessageTimeout = TimeSpan.FromHours(1), IdleTimeout = TimeSpan.FromSeconds(1.5) });
        (await stream.ReadAsync())!.Dispose();
        Task<Payload?> second = stream.ReadAsync().AsTask();
        _clock.Advance(TimeSpan.FromSeconds(1.4));
        Assert.False(second.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Null(await second);
        Assert.Equal(new GrpcStatus(GrpcStatusCode.DeadlineExceeded, "the upstream sent no further message within 1.5 s"), stream.Status);
    }

    [Fact]
    public async Task ServerStreaming_MessagesKeepComing_LastsLongerThanEitherLimit()
    {
        var next = new SemaphoreSlim(0);
        await using GrpcPair pair = await StartAsync(async call =>
        {
            for (int i = 0; i < 5; i++)
            {
                await next.WaitAsync();
                await call.WriteAsync(Bytes.Of("x"));
            }

            return GrpcStatus.OK;
        });

        await using ServerStream stream = pair.Channel.ServerStreaming(
            GrpcPair.Path, Bytes.Of("x"), new CallOptions { FirstMessageTimeout = Minute, IdleTimeout = Minute });
        for (int i = 0; i < 5; i++)
        {
            Task<Payload?> read = stream.ReadAsync().AsTask();
            _clock.Advance(AlmostAMinute);
            next.Release();
            (await read)!.Dispose();
        }

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(GrpcStatus.OK, stream.Status);
    }

    [Fact]
    public async Task ServerStreaming_SlowReader_IsNoSilentUpstream()
    {
        var goOn = new TaskCompletionSource();
        await using GrpcPair pair = await StartAsync(async call =>
        {
            await call.WriteAsync(Bytes.Of("first"));
            await goOn.Task;
            return GrpcStatus.OK;
        });

        await using ServerStream stream = pair.Channel.ServerStreaming(
            GrpcPair.Path, Bytes.Of("x"), new CallOptions { FirstMessageTimeout = Minute, IdleTimeout = Minute });
        _clock.Advance(TimeSpan.FromHours(1));
        (await stream.ReadAsync())!.Dispose();
        _clock.Advance(TimeSpan.FromHours(1));
        goOn.SetResult();

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(GrpcStatus.OK, stream.Status);
    }

    [Fact]
    public async Task ServerStreaming_WaitingForHeaders_CountsAsWaiting()
    {
        var handler = new WaitingHandler();
        await using GrpcPair pair = await StartAsync(handler.RunAsync);

        await using ServerStream stream = pair.Channel.ServerStreaming(GrpcPair.Path, Bytes.Of("x"), FirstWithinAMinute);
        ValueTask<Metadata> headers = stream.ReadHeadersAsync();
        await handler.Started;
        _clock.Advance(Minute);

        Assert.Empty(await headers);
        Assert.Equal("the upstream sent no message within 60 s", stream.Status.Message);
    }

    [Fact]
    public async Task Duplex_WritesWhileReading_CountAsLife()
    {
        var handler = new WaitingHandler();
        await using GrpcPair pair = await StartAsync(handler.RunAsync);

        await using DuplexStream stream = pair.Channel.DuplexStreaming(GrpcPair.Path, FirstWithinAMinute);
        Task<Payload?> read = stream.ReadAsync().AsTask();
        await handler.Started;
        for (int i = 0; i < 3; i++)
        {
            _clock.Advance(AlmostAMinute);
            Assert.True(await stream.WriteAsync(Bytes.Of("x")));
        }

        _clock.Advance(AlmostAMinute);
        Assert.False(read.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await read);
        Assert.Equal("neither side sent a message within 60 s", stream.Status.Message);
    }

    [Fact]
    public async Task Duplex_HalfClosed_TheUpstreamAloneIsSilent()
    {
        var handler = new WaitingHandler();
        await using GrpcPair pair = await StartAsync(handler.RunAsync);

        await using DuplexStream stream = pair.Channel.DuplexStreaming(GrpcPair.Path, FirstWithinAMinute);
        await stream.CompleteAsync();
        Task<Payload?> read = stream.ReadAsync().AsTask();
        await handler.Started;
        _clock.Advance(Minute);

        Assert.Null(await read);
        Assert.Equal("the upstream sent no message within 60 s", stream.Status.Message);
    }

    [Fact]
    public async Task ClientStreaming_WaitingForTheResponse_EndsAfterTheFirstMessageTimeout()
    {
        var handler = new WaitingHandler();
        await using GrpcPair pair = await StartAsync(handler.RunAsync);

        await using ClientStream stream = pair.Channel.ClientStreaming(GrpcPair.Path, FirstWithinAMinute);
        await handler.Started;
        _clock.Advance(TimeSpan.FromHours(1)); // nobody waits yet
        Assert.True(await stream.WriteAsync(Bytes.Of("x")));
        ValueTask<UnaryResult> response = stream.ReadResponseAsync();
        _clock.Advance(Minute);
        using UnaryResult result = await response;

        Assert.Equal("neither side sent a message within 60 s", result.Status.Message);
    }

    [Fact]
    public async Task Limits_LongerThanATimerCanWait_AreNone()
    {
        await using GrpcPair pair = await StartAsync(call => Task.FromResult(new GrpcStatus(GrpcStatusCode.Aborted)));

        using UnaryResult result = await pair.Channel.UnaryAsync(
            GrpcPair.Path, Bytes.Of("x"), new CallOptions { FirstMessageTimeout = TimeSpan.MaxValue, IdleTimeout = TimeSpan.MaxValue });

        Assert.Equal(GrpcStatusCode.Aborted, result.Status.Code);
        Assert.False(_clock.TimerSet.IsCompleted);
    }

    private Task<GrpcPair> StartAsync(GrpcServerHandler handler) =>
        GrpcPair.StartAsync(handler, new GrpcChannelOptions { TimeProvider = _clock });
}
