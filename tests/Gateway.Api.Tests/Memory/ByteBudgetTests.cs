using Gateway.Api.Configuration;
using Gateway.Api.Memory;
using Gateway.Testing;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Tests.Memory;

public sealed class ByteBudgetTests
{
    private const int Unit = 100 * 1024; // more than a small request

    private readonly ManualTimeProvider _clock = new();
    private readonly ByteBudget _budget;

    public ByteBudgetTests() => _budget = new ByteBudget(
        Options.Create(new GatewayOptions { Limits = { MemoryBytes = 8 * Unit, MemoryTimeout = TimeSpan.FromSeconds(5) } }), _clock);

    [Fact]
    public async Task Share_WithinTheBudget_TakesAtOnceAndGivesBack()
    {
        using (var share = new ByteShare(_budget))
        {
            Assert.True(await TakeAsync(share, 7));
            Assert.Equal(7 * Unit, _budget.Used);
        }

        Assert.Equal(0, _budget.Used);
    }

    [Fact]
    public async Task Share_ThatCouldNeverHaveThat_IsRefusedAtOnce()
    {
        using var share = new ByteShare(_budget);

        Assert.False(await TakeAsync(share, 8));
        Assert.Equal(0, _budget.Used);
    }

    [Fact]
    public async Task SmallShare_WhileLargeOnesHoldTheirs_TakesAtOnce()
    {
        using var large = new ByteShare(_budget);
        using var waiting = new ByteShare(_budget);
        using var small = new ByteShare(_budget);
        await TakeAsync(large, 7);
        var waits = TakeAsync(waiting, 1);

        Assert.True(await small.TakeAsync(ByteBudget.Small, CancellationToken.None));
        Assert.False(waits.IsCompleted);
    }

    [Fact]
    public async Task Share_OverTheBudget_WaitsForOthers()
    {
        var first = new ByteShare(_budget);
        using var second = new ByteShare(_budget);
        await TakeAsync(first, 5);

        var waits = TakeAsync(second, 3);
        Assert.False(waits.IsCompleted);
        first.Dispose();

        Assert.True(await waits);
        Assert.Equal(3 * Unit, _budget.Used);
    }

    [Fact]
    public async Task Share_ThatWaitsTooLong_IsRefused()
    {
        using var first = new ByteShare(_budget);
        using var second = new ByteShare(_budget);
        await TakeAsync(first, 7);

        var waits = TakeAsync(second, 1);
        await _clock.NextTimerAsync();
        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.False(await waits);
        Assert.Equal(7 * Unit, _budget.Used);
    }

    [Fact]
    public async Task Shares_ThatAllWait_TheLastIsRefusedAndTheFirstGoesOn()
    {
        using var first = new ByteShare(_budget);
        var second = new ByteShare(_budget);
        await TakeAsync(first, 3);
        await TakeAsync(second, 3);

        var firstWaits = TakeAsync(first, 2);
        Assert.False(firstWaits.IsCompleted);

        Assert.False(await TakeAsync(second, 2));
        second.Dispose();

        Assert.True(await firstWaits);
    }

    [Fact]
    public async Task Shares_ThatWait_GoInTheirOrder()
    {
        var holder = new ByteShare(_budget);
        using var first = new ByteShare(_budget);
        using var second = new ByteShare(_budget);
        await TakeAsync(holder, 7);
        var firstWaits = TakeAsync(first, 6);
        var secondWaits = TakeAsync(second, 2);

        holder.Dispose();

        Assert.True(await firstWaits);
        Assert.False(secondWaits.IsCompleted);
        first.Release();
        Assert.True(await secondWaits);
    }

    [Fact]
    public async Task Share_WhoseRequestIsGone_WaitsNoLonger()
    {
        using var first = new ByteShare(_budget);
        using var second = new ByteShare(_budget);
        using var gone = new CancellationTokenSource();
        await TakeAsync(first, 7);
        var waits = second.TakeAsync(Unit, gone.Token).AsTask();

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits);
        Assert.Equal(7 * Unit, _budget.Used);
    }

    [Fact]
    public async Task Shares_OfManyThreads_AddUpToNothingInTheEnd()
    {
        await Parallel.ForAsync(0, 2000, async (i, cancellationToken) =>
        {
            using var share = new ByteShare(_budget);
            for (var step = 0; step < 4 && await share.TakeAsync((i % 7 + 1) * Unit / 4, cancellationToken); step++)
            {
                Assert.InRange(_budget.Used, 0, 12 * Unit); // what is tried counts for a moment
            }
        });

        Assert.Equal(0, _budget.Used);
    }

    private static Task<bool> TakeAsync(ByteShare share, int units) => share.TakeAsync(units * Unit, CancellationToken.None).AsTask();
}
