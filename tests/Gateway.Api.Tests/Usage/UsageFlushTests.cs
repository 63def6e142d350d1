using Gateway.Api.Configuration;
using Gateway.Api.Usage;
using Gateway.Store;
using Gateway.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Api.Tests.Usage;

/// <summary>What is used reaches the sink once, whatever becomes of it in between.</summary>
public sealed class UsageFlushTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly RecordingSink _sink = new();
    private readonly TestUsage _usage;
    private readonly UsageFlush _flush;

    public UsageFlushTests()
    {
        _usage = new TestUsage(_time, new BudgetOptions { Requests = 5 });
        _flush = new UsageFlush(_usage.Book, _sink, _time, NullLogger<UsageFlush>.Instance);
    }

    public void Dispose() => _flush.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Batch_OfWhichNobodyKnows_ComesAgainAsItWas(bool isTaken)
    {
        Assert.Null(_usage.Call());
        (_sink.FailsBefore, _sink.FailsBehind) = (!isTaken, isTaken);
        await Assert.ThrowsAsync<StoreException>(FlushAsync);
        Assert.Null(_usage.Call());
        await Assert.ThrowsAsync<StoreException>(FlushAsync);

        (_sink.FailsBefore, _sink.FailsBehind) = (false, false);
        await FlushAsync();
        await FlushAsync();

        Assert.Equal(2, _sink.ByModel["u/a/m"].Requests);
        Assert.Equal(2, _sink.Batches.Count(batch => batch.Records.Count > 0));
    }

    /// <summary>A budget is as strict while batches are on their way, or do not arrive, as otherwise.</summary>
    [Fact]
    public async Task Budget_CountsWhatIsOnItsWay_Once()
    {
        for (var call = 1; call <= 5; call++)
        {
            Assert.Null(_usage.Call());
            _sink.FailsBehind = call % 2 == 0;
            await (_sink.FailsBehind ? Assert.ThrowsAsync<StoreException>(FlushAsync) : FlushAsync());
        }

        Assert.NotNull(_usage.Call());
        _sink.FailsBehind = false;
        await FlushAsync();
        await FlushAsync();
        Assert.NotNull(_usage.Call());
        Assert.Equal(5, _sink.ByModel["u/a/m"].Requests);
    }

    /// <summary>A sink that is away for long costs the memory of the models that are used, not of the calls.</summary>
    [Fact]
    public async Task Usage_IsSummedUp_WhileTheSinkIsAway()
    {
        _usage.Tenant.Configure(new BudgetOptions());
        _sink.FailsBefore = true;
        for (var call = 0; call < 1000; call++)
        {
            _usage.Call();
            await Assert.ThrowsAsync<StoreException>(FlushAsync);
        }

        _sink.FailsBefore = false;
        await FlushAsync();
        await FlushAsync();
        Assert.Equal([1L, 999L], _sink.Batches.Select(batch => Assert.Single(batch.Records).Amounts.Requests).Order());
    }

    [Fact]
    public async Task Service_FlushesByTheClock_AndWhenItStops()
    {
        await _flush.StartAsync(CancellationToken.None);
        _usage.Call();
        await _time.NextTimerAsync(TimeSpan.FromMilliseconds(500));
        _time.Advance(TimeSpan.FromMilliseconds(500));
        await Eventually.IsAsync(() => _sink.ByModel.ContainsKey("u/a/m"));

        _usage.Call();
        await _flush.StopAsync(CancellationToken.None);
        Assert.Equal(2, _sink.ByModel["u/a/m"].Requests);
    }

    /// <summary>Without a store sums are kept for the budgets of this process, a month long.</summary>
    [Fact]
    public async Task Memory_KeepsTheSumsOfTheMonth()
    {
        using var flush = new UsageFlush(_usage.Book, new MemoryUsage(), _time, NullLogger<UsageFlush>.Instance);
        for (var call = 0; call < 5; call++)
        {
            Assert.Null(_usage.Call());
            await flush.FlushAsync(CancellationToken.None);
        }

        Assert.NotNull(_usage.Call());
        _time.Advance(TimeSpan.FromDays(31));
        await flush.FlushAsync(CancellationToken.None);
        Assert.Null(_usage.Call());
    }

    private Task FlushAsync() => _flush.FlushAsync(CancellationToken.None);
}
