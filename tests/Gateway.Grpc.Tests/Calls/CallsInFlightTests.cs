namespace Gateway.Grpc.Tests.Calls;

/// <summary>The count of calls in flight, by which the least loaded channel is chosen.</summary>
public sealed class CallsInFlightTests
{
    [Fact]
    public async Task CallsInFlight_Unary_CountsFromItsStartToItsEnd()
    {
        var goOn = new TaskCompletionSource();
        await using GrpcPair pair = await GrpcPair.StartAsync(async call =>
        {
            await goOn.Task;
            return new GrpcStatus(GrpcStatusCode.Aborted);
        });

        Assert.Equal(0, pair.Channel.CallsInFlight);
        ValueTask<UnaryResult> one = pair.Channel.UnaryAsync(GrpcPair.Path, Bytes.Of("x"), default);
        ValueTask<UnaryResult> two = pair.Channel.UnaryAsync(GrpcPair.Path, Bytes.Of("x"), default);
        Assert.Equal(2, pair.Channel.CallsInFlight);
        goOn.SetResult();
        (await one).Dispose();
        (await two).Dispose();
        Assert.Equal(0, pair.Channel.CallsInFlight);
    }

    [Fact]
    public async Task CallsInFlight_StreamReadToItsEndAndDisposed_IsCountedOnce()
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(call => Task.FromResult(GrpcStatus.OK));

        await using (ServerStream stream = pair.Channel.ServerStreaming(GrpcPair.Path, Bytes.Of("x"), default))
        {
            Assert.Equal(1, pair.Channel.CallsInFlight);
            Assert.Null(await stream.ReadAsync());
            Assert.Equal(0, pair.Channel.CallsInFlight);
        }

        Assert.Equal(0, pair.Channel.CallsInFlight);
    }

    [Fact]
    public async Task CallsInFlight_StreamDisposedEarly_IsNoLongerCounted()
    {
        var handler = new WaitingHandler(Bytes.Of("first"));
        await using GrpcPair pair = await GrpcPair.StartAsync(handler.RunAsync);

        ServerStream stream = pair.Channel.ServerStreaming(GrpcPair.Path, Bytes.Of("x"), default);
        (await stream.ReadAsync())!.Dispose();
        Assert.Equal(1, pair.Channel.CallsInFlight);
        await stream.DisposeAsync();

        Assert.Equal(0, pair.Channel.CallsInFlight);
    }
}
