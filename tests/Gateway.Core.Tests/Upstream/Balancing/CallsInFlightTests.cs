using Gateway.Core.Tests.Upstream.Support;

namespace Gateway.Core.Tests.Upstream.Balancing;

/// <summary>The count of calls in flight, by which the least loaded address is chosen.</summary>
public sealed class CallsInFlightTests
{
    [Fact]
    public async Task Unary_IsCountedFromItsStartToItsEnd()
    {
        var goOn = new TaskCompletionSource();
        await using var server = await TestUpstream.StartAsync(async _ =>
        {
            await goOn.Task;
            return new GrpcStatus(GrpcStatusCode.Aborted, "");
        });
        await using var upstream = new UpstreamFixture(server.Address);
        var channel = upstream.ChannelTo(server.Address);

        Assert.Equal(0, channel.CallsInFlight);
        var one = upstream.CallAsync();
        var two = upstream.CallAsync();
        Assert.Equal(2, channel.CallsInFlight);
        goOn.SetResult();
        (await one).Dispose();
        (await two).Dispose();

        Assert.Equal(0, channel.CallsInFlight);
    }

    [Fact]
    public async Task Stream_ReadToItsEndAndDisposed_IsCountedOnce()
    {
        await using var server = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture(server.Address);
        var channel = upstream.ChannelTo(server.Address);

        await using (var stream = upstream.Stream())
        {
            (await stream.ReadAsync())!.Dispose();
            Assert.Equal(1, channel.CallsInFlight);
            Assert.Null(await stream.ReadAsync());
            Assert.Equal(0, channel.CallsInFlight);
        }

        Assert.Equal(0, channel.CallsInFlight);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stream_DisposedEarly_IsNoLongerCounted(bool twoWay)
    {
        var handler = new WaitingHandler("first");
        await using var server = await TestUpstream.StartAsync(handler.RunAsync);
        await using var upstream = new UpstreamFixture(server.Address);
        var channel = upstream.ChannelTo(server.Address);

        if (twoWay)
        {
            await using var stream = upstream.Client.Duplex(UpstreamFixture.TwoWay, default);
            (await stream.ReadAsync())!.Dispose();
            Assert.Equal(1, channel.CallsInFlight);
        }
        else
        {
            await using var stream = upstream.Stream();
            (await stream.ReadAsync())!.Dispose();
            Assert.Equal(1, channel.CallsInFlight);
        }

        Assert.Equal(0, channel.CallsInFlight);
    }
}
