using Gateway.Api.Configuration;
using Gateway.Api.Usage;
using Gateway.Store;
using Gateway.Store.Usage;
using Gateway.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Api.Tests.Usage;

/// <summary>Replicas on one store have one budget.</summary>
public sealed class SharedBudgetTests
{
    private static readonly BudgetOptions Ten = new() { Requests = 10 };

    private static DateOnly Today => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhatOneUsesAndHolds_AnotherDoesNotHave(bool isPostgreSql)
    {
        await using var stores = await TestStores.CreateAsync(isPostgreSql);
        using var one = new Replica(await stores.OpenAsync(), Ten);
        using var other = new Replica(await stores.OpenAsync(), Ten);
        Assert.Null(one.Usage.Call());
        Assert.Null(one.Usage.Call());
        var running = Enumerable.Range(0, 3).Select(_ => one.Usage.Ask().Call).ToList();
        await one.FlushAsync();
        await one.FlushAsync(); // what it wanted besides, for more such calls, it does not want any more
        await other.FlushAsync();

        Assert.Equal(5, other.CallAll());

        // What is given back there is there for all.
        running.ForEach(call => call.Complete(TestUsage.Unreached));
        await one.FlushAsync();
        await other.FlushAsync();
        Assert.Equal(3, other.CallAll());
        await other.FlushAsync();
        await one.FlushAsync();
        Assert.Equal(0, one.CallAll());
        Assert.Equal(10, (await one.Store.Usage.ReadMonthAsync("kitchen", Today, CancellationToken.None)).Requests);
    }

    /// <summary>One that was killed used what it used, and holds nothing for long.</summary>
    [Fact]
    public async Task WhatADeadReplicaHeld_IsFreeAgain()
    {
        await using var stores = await TestStores.CreateAsync(isPostgreSql: false);
        using var dead = new Replica(await stores.OpenAsync(), Ten);
        Assert.Null(dead.Usage.Call());
        for (var call = 0; call < 9; call++)
        {
            Assert.Null(dead.Usage.Ask().Refusal);
        }

        await dead.FlushAsync();
        using var other = new Replica(await stores.OpenAsync(), Ten);
        await other.FlushAsync();
        Assert.Equal(0, other.CallAll());

        await Eventually.IsAsync(async () =>
        {
            await other.FlushAsync();
            return other.Usage.Call() is null;
        });
        Assert.Equal(8, other.CallAll());
    }

    /// <summary>A process that starts again knows what it used before.</summary>
    [Fact]
    public async Task Budget_OutlivesTheProcess()
    {
        await using var stores = await TestStores.CreateAsync(isPostgreSql: false);
        using var before = new Replica(await stores.OpenAsync(), Ten);
        Assert.Null(before.Usage.Call());
        await before.Flush.StopAsync(CancellationToken.None);

        using var after = new Replica(await stores.OpenAsync(), Ten);
        await after.Flush.StartAsync(CancellationToken.None);
        Assert.Equal(9, after.CallAll());
        await after.Flush.StopAsync(CancellationToken.None);
    }

    /// <summary>Batches that a database takes or does not take, as it dies again and again, are each counted once.</summary>
    [Fact]
    public async Task DatabaseThatDies_CountsNothingTwice_AndLosesNothing()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await using var stores = await TestStores.CreateAsync(isPostgreSql: true, server);
        using var replica = new Replica(await stores.OpenAsync(), new BudgetOptions());
        var calls = 0;
        for (var death = 0; death < 3; death++)
        {
            using var dying = new CancellationTokenSource();
            var flushing = Task.Run(async () =>
            {
                while (!dying.IsCancellationRequested)
                {
                    Assert.Null(replica.Usage.Call());
                    calls++;
                    await replica.TryFlushAsync();
                }
            });
            var before = Volatile.Read(ref calls);
            await Eventually.IsAsync(() => Volatile.Read(ref calls) > before + 10);
            await server.StopAsync();
            await Eventually.IsAsync(() => replica.Failures > death);
            await server.RestartAsync();
            await dying.CancelAsync();
            await flushing;
        }

        await Eventually.IsAsync(replica.TryFlushAsync);
        await replica.FlushAsync();
        Assert.Equal(calls, (await replica.Store.Usage.ReadMonthAsync("kitchen", Today, CancellationToken.None)).Requests);
    }

    private sealed class Replica : IDisposable
    {
        private int _failures;

        public Replica(GatewayStore store, BudgetOptions budgets)
        {
            Store = store;
            Usage = new TestUsage(TimeProvider.System, budgets);
            Flush = new UsageFlush(Usage.Book, new Sink(store.Usage), TimeProvider.System, NullLogger<UsageFlush>.Instance);
        }

        public GatewayStore Store { get; }

        public TestUsage Usage { get; }

        public UsageFlush Flush { get; }

        public int Failures => Volatile.Read(ref _failures);

        public Task FlushAsync() => Flush.FlushAsync(CancellationToken.None);

        /// <summary>Whether the store took it.</summary>
        public async Task<bool> TryFlushAsync()
        {
            try
            {
                await FlushAsync();
                return true;
            }
            catch (StoreException)
            {
                Interlocked.Increment(ref _failures);
                return false;
            }
        }

        /// <summary>Makes calls until one is refused.</summary>
        public int CallAll()
        {
            var calls = 0;
            while (Usage.Call() is null)
            {
                calls++;
            }

            return calls;
        }

        public void Dispose() => Flush.Dispose();
    }

    private sealed class Sink(UsageStore store) : IUsageSink
    {
        public Task<UsageExchange> ExchangeAsync(UsageBatch batch, CancellationToken cancellationToken) => store.ExchangeAsync(batch, cancellationToken);
    }
}
