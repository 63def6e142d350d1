using System.Buffers;
using Gateway.Core.Tests.Upstream.Support;
using Gateway.Core.Upstream;

namespace Gateway.Core.Tests.Upstream;

/// <summary>A meter is told of each call once, of what goes and comes, and of its end, whichever that is.</summary>
public sealed class CallMeterTests
{
    private static readonly CallRefusal Refusal = new("the budget is spent", TimeSpan.FromMinutes(1));

    [Fact]
    public async Task EveryKind_ThatIsAnswered_IsToldOfMessagesAndEnd()
    {
        await using var server = await TestUpstream.StartAsync(async call =>
        {
            using var request = await call.ReadAsync();
            await call.WriteAsync(Answers.Success);
            return GrpcStatus.DefaultSuccess;
        });
        await using var upstream = new UpstreamFixture(server.Address);
        var meter = new RecordingMeter();
        var client = upstream.ClientWith(new Pat("token"), meter);

        using var unary = await client.CallAsync(UpstreamFixture.Unary, UpstreamFixture.Request, default);
        await using (var stream = client.Stream(UpstreamFixture.ServerStreaming, UpstreamFixture.Request, default))
        {
            (await stream.ReadAsync())!.Dispose();
            Assert.Null(await stream.ReadAsync());
        }

        await using (var duplex = client.Duplex(UpstreamFixture.TwoWay, default))
        {
            Assert.True(await duplex.WriteAsync(UpstreamFixture.Request));
            (await duplex.ReadAsync())!.Dispose();
            Assert.Null(await duplex.ReadAsync());
        }

        Assert.Equal([UpstreamFixture.Unary, UpstreamFixture.ServerStreaming, UpstreamFixture.TwoWay], meter.Calls.Select(call => call.Rpc));
        Assert.All(meter.Calls, call =>
        {
            Assert.Equal(UpstreamFixture.Request.ToArray(), Assert.Single(call.Asked));
            Assert.Equal(Answers.Success, Assert.Single(call.Answered));
            Assert.True(Assert.Single(call.Completed).IsOK);
        });
    }

    [Fact]
    public async Task EveryKind_ThatIsRefused_EndsSoAndGoesNowhere()
    {
        var isOver = new TaskCompletionSource();
        await using var server = await TestUpstream.StartAsync(async call =>
        {
            using var registration = call.CancellationToken.Register(isOver.SetResult);
            await Task.Delay(Timeout.Infinite, call.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return GrpcStatus.DefaultCancelled;
        });
        await using var upstream = new UpstreamFixture(server.Address);
        var meter = new RecordingMeter(_ => Refusal);
        var client = upstream.ClientWith(new Pat("token"), meter);

        using var unary = await client.CallAsync(UpstreamFixture.Unary, UpstreamFixture.Request, default);
        await using var stream = client.Stream(UpstreamFixture.ServerStreaming, UpstreamFixture.Request, default);
        Assert.Null(await stream.ReadAsync());
        Assert.Equal(0, server.Calls);
        await using var duplex = client.Duplex(UpstreamFixture.TwoWay, default);
        Assert.False(await duplex.WriteAsync(UpstreamFixture.Request));
        Assert.Null(await duplex.ReadAsync());

        Assert.All(
            [(unary.Outcome, unary.Trailers), (stream.Outcome, stream.Trailers), (duplex.Outcome, duplex.Trailers)],
            end => Assert.Equal(
                (GrpcStatusCode.ResourceExhausted, Refusal.Reason, "60000"),
                (end.Outcome.Code, end.Outcome.Message, end.Item2.GetValue("grpc-retry-pushback-ms"))));
        Assert.All(meter.Calls, call => Assert.Equal(GrpcStatusCode.ResourceExhausted, Assert.Single(call.Completed).Code));
    }

    [Fact]
    public async Task SecondMessage_OfATwoWayCall_MayBeRefused()
    {
        await using var server = await TestUpstream.StartAsync(async call =>
        {
            while (await call.ReadAsync() is { } request)
            {
                request.Dispose();
                await call.WriteAsync(Answers.Success);
            }

            return GrpcStatus.DefaultSuccess;
        });
        await using var upstream = new UpstreamFixture(server.Address);
        var asked = 0;
        var meter = new RecordingMeter(_ => ++asked > 1 ? Refusal : null);
        await using var duplex = upstream.ClientWith(new Pat("token"), meter).Duplex(UpstreamFixture.TwoWay, default);

        Assert.True(await duplex.WriteAsync(UpstreamFixture.Request));
        (await duplex.ReadAsync())!.Dispose();
        Assert.False(await duplex.WriteAsync(UpstreamFixture.Request));
        Assert.Null(await duplex.ReadAsync());

        Assert.Equal(Refusal.Reason, duplex.Outcome.Message);
        Assert.Equal(Refusal.Reason, Assert.Single(Assert.Single(meter.Calls).Completed).Message);
    }

    [Fact]
    public async Task EveryKind_ThatIsGivenUp_EndsOnce()
    {
        var handlers = 0;
        await using var server = await TestUpstream.StartAsync(async call =>
        {
            Interlocked.Increment(ref handlers);
            await Task.Delay(Timeout.Infinite, call.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return GrpcStatus.DefaultCancelled;
        });
        await using var upstream = new UpstreamFixture(server.Address);
        var meter = new RecordingMeter();
        var client = upstream.ClientWith(new Pat("token"), meter);
        using var caller = new CancellationTokenSource();

        var unary = client.CallAsync(UpstreamFixture.Unary, UpstreamFixture.Request, new UpstreamCall(null, null, caller.Token)).AsTask();
        var stream = client.Stream(UpstreamFixture.ServerStreaming, UpstreamFixture.Request, default);
        var reading = stream.ReadAsync().AsTask();
        var duplex = client.Duplex(UpstreamFixture.TwoWay, default);
        await duplex.WriteAsync(UpstreamFixture.Request);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => unary);
        await stream.DisposeAsync();
        await stream.DisposeAsync();
        await duplex.DisposeAsync();
        await duplex.DisposeAsync();

        Assert.Null(await reading);
        Assert.Equal(3, meter.Calls.Count);
        Assert.All(meter.Calls, call => Assert.Equal(GrpcStatusCode.Cancelled, Assert.Single(call.Completed).Code));
    }

    [Fact]
    public async Task Stream_ThatNobodyReads_IsNoCall()
    {
        await using var upstream = new UpstreamFixture(new Uri("http://127.0.0.1:1"));
        var meter = new RecordingMeter();

        await upstream.ClientWith(new Pat("token"), meter).Stream(UpstreamFixture.ServerStreaming, UpstreamFixture.Request, default).DisposeAsync();

        Assert.Empty(meter.Calls);
    }
}
