using Gateway.Grpc.Server;
using Gateway.Testing;

namespace Gateway.Grpc.Tests.Calls;

/// <summary>Deadlines, with clocks that move when told.</summary>
public sealed class DeadlineTests
{
    private static readonly CallOptions TenSeconds = new() { Timeout = TimeSpan.FromSeconds(10) };

    [Fact]
    public async Task Unary_ClientsClockPasses_IsDeadlineExceededAndTheServerIsCancelled()
    {
        var clock = new ManualTimeProvider();
        var handler = new WaitingHandler();
        await using GrpcPair pair = await GrpcPair.StartAsync(handler.RunAsync, new GrpcChannelOptions { TimeProvider = clock });

        ValueTask<UnaryResult> call = pair.Channel.UnaryAsync(GrpcPair.Path, Bytes.Of("x"), TenSeconds);
        await handler.Started;
        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.False(call.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));
        using UnaryResult result = await call;

        Assert.Equal(new GrpcStatus(GrpcStatusCode.DeadlineExceeded, "the call did not end within its 10 s"), result.Status);
        await handler.Cancelled;
        Assert.Equal(0, clock.WaitingTimers);
    }

    [Fact]
    public async Task ServerStreaming_DeadlineBetweenReads_EndsTheStream()
    {
        var clock = new ManualTimeProvider();
        var handler = new WaitingHandler(Bytes.Of("first"));
        await using GrpcPair pair = await GrpcPair.StartAsync(handler.RunAsync, new GrpcChannelOptions { TimeProvider = clock });

        await using ServerStream stream = pair.Channel.ServerStreaming(GrpcPair.Path, Bytes.Of("x"), TenSeconds);
        using (Payload? message = await stream.ReadAsync()) Assert.Equal("first", message!.Text());
        clock.Advance(TimeSpan.FromSeconds(10));
        await handler.Cancelled; // nobody reads: the reset is sent all the same

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, stream.Status.Code);
    }

    [Fact]
    public async Task ServerStreaming_CallerCancelsAfterTheDeadline_DeadlineStays()
    {
        var clock = new ManualTimeProvider();
        var handler = new WaitingHandler();
        await using GrpcPair pair = await GrpcPair.StartAsync(handler.RunAsync, new GrpcChannelOptions { TimeProvider = clock });
        using var caller = new CancellationTokenSource();

        await using ServerStream stream = pair.Channel.ServerStreaming(
            GrpcPair.Path, Bytes.Of("x"), TenSeconds with { CancellationToken = caller.Token });
        await handler.Started;
        clock.Advance(TimeSpan.FromSeconds(10));
        await caller.CancelAsync();

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, stream.Status.Code);
    }

    [Fact]
    public async Task Unary_CallEnds_TimerIsStopped()
    {
        var clock = new ManualTimeProvider();
        await using GrpcPair pair = await GrpcPair.StartAsync(
            call => Task.FromResult(new GrpcStatus(GrpcStatusCode.Aborted)), new GrpcChannelOptions { TimeProvider = clock });

        using UnaryResult result = await pair.Channel.UnaryAsync(GrpcPair.Path, Bytes.Of("x"), TenSeconds);

        Assert.Equal(GrpcStatusCode.Aborted, result.Status.Code);
        Assert.True(clock.TimerSet.IsCompleted);
        Assert.Equal(0, clock.WaitingTimers);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task Unary_NoTimeLeft_IsNotEvenSent(int seconds)
    {
        bool called = false;
        await using GrpcPair pair = await GrpcPair.StartAsync(call =>
        {
            called = true;
            return Task.FromResult(GrpcStatus.OK);
        });

        using UnaryResult result = await pair.Channel.UnaryAsync(
            GrpcPair.Path, Bytes.Of("x"), new CallOptions { Timeout = TimeSpan.FromSeconds(seconds) });

        Assert.Equal(new GrpcStatus(GrpcStatusCode.DeadlineExceeded, "the deadline passed before the call was sent"), result.Status);
        Assert.False(called);
    }

    [Fact]
    public async Task Unary_LongestTimeout_Works()
    {
        TimeSpan? seen = null;
        await using GrpcPair pair = await GrpcPair.StartAsync(call =>
        {
            seen = call.Timeout;
            return Task.FromResult(new GrpcStatus(GrpcStatusCode.Aborted));
        });

        using UnaryResult result = await pair.Channel.UnaryAsync(GrpcPair.Path, Bytes.Of("x"), new CallOptions { Timeout = TimeSpan.MaxValue });

        Assert.Equal(GrpcStatusCode.Aborted, result.Status.Code);
        Assert.Equal(TimeSpan.FromHours(99_999_999), seen);
    }

    [Fact]
    public async Task Server_ItsClockPasses_CancelsTheHandlerAndSaysSo()
    {
        var clock = new ManualTimeProvider();
        var handler = new WaitingHandler();
        await using GrpcPair pair = await GrpcPair.StartAsync(
            handler.RunAsync,
            new GrpcChannelOptions { TimeProvider = new ManualTimeProvider() }, // the client's stands still
            new GrpcServerOptions { TimeProvider = clock });

        ValueTask<UnaryResult> call = pair.Channel.UnaryAsync(GrpcPair.Path, Bytes.Of("x"), TenSeconds);
        await handler.Started;
        clock.Advance(TimeSpan.FromSeconds(10));
        using UnaryResult result = await call;

        await handler.Cancelled;
        Assert.Equal(new GrpcStatus(GrpcStatusCode.DeadlineExceeded, "the deadline passed before the call ended"), result.Status);
        Assert.Empty(pair.Server.Log.Entries);
    }
}
