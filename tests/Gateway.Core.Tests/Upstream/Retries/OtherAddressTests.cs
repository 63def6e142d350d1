using Gateway.Core.Tests.Upstream.Support;
using Gateway.Core.Upstream;
using Gateway.Testing;

namespace Gateway.Core.Tests.Upstream.Retries;

/// <summary>
/// Whether another address is tried at once. Only a call that nobody has processed may go on so; of any other the upstream may be
/// at the end of its strength, and calls that turn to its neighbours without a wait would bring those down as well.
/// </summary>
public sealed class OtherAddressTests
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task Unary_AnsweredUnavailable_WaitsBeforeTheOtherAddress()
    {
        await using var first = await TestUpstream.StartAsync(Answers.Unavailable);
        await using var second = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture([[first.Address], [second.Address]]);

        await SucceedsAfterTheWaitAsync(upstream, second, CallAsync(upstream));
    }

    [Fact]
    public async Task Unary_ConnectionBrokenMidway_WaitsBeforeTheOtherAddress()
    {
        await using var first = await TestUpstream.StartAsync(Answers.Ok);
        await using var second = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture([[first.Address], [second.Address]]);
        first.IsDead = true;

        await SucceedsAfterTheWaitAsync(upstream, second, CallAsync(upstream));
    }

    [Fact]
    public async Task Stream_AnsweredUnavailable_WaitsBeforeTheOtherAddress()
    {
        await using var first = await TestUpstream.StartAsync(Answers.Unavailable);
        await using var second = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture([[first.Address], [second.Address]]);
        await using var stream = upstream.Stream();

        await SucceedsAfterTheWaitAsync(upstream, second, ReadAsync(stream));
    }

    [Fact]
    public async Task Unary_AddressThatCannotBeReached_GoesToTheOtherAtOnce()
    {
        await using var second = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture([[Nobody.At()], [second.Address]]);

        await SucceedsAtOnceAsync(upstream, CallAsync(upstream));
    }

    [Fact]
    public async Task Stream_AddressThatCannotBeReached_GoesToTheOtherAtOnce()
    {
        await using var second = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture([[Nobody.At()], [second.Address]]);
        await using var stream = upstream.Stream();

        await SucceedsAtOnceAsync(upstream, ReadAsync(stream));
    }

    private static async Task SucceedsAfterTheWaitAsync(UpstreamFixture upstream, TestUpstream second, Task<bool> call)
    {
        Assert.NotSame(call, await Task.WhenAny(call, upstream.Clock.NextTimerAsync()));
        Assert.Equal(0, second.Calls);
        upstream.Clock.Advance(FirstWait);

        Assert.True(await call);
    }

    // The clock stands still: a wait would not end.
    private static async Task SucceedsAtOnceAsync(UpstreamFixture upstream, Task<bool> call)
    {
        Assert.Same(call, await Task.WhenAny(call, upstream.Clock.NextTimerAsync()));
        Assert.True(await call);
    }

    private static async Task<bool> CallAsync(UpstreamFixture upstream)
    {
        using var result = await upstream.CallAsync();
        return result.Outcome.IsOK;
    }

    private static async Task<bool> ReadAsync(UpstreamStream stream)
    {
        using var message = await stream.ReadAsync();
        return message is not null;
    }
}
