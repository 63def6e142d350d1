using Gateway.Store.Usage;
using Gateway.Testing;

namespace Gateway.Store.Tests;

public class UsageStoreTests
{
    private static readonly DateOnly Day = new(2026, 3, 31);

    [Theory, EveryDatabase]
    public async Task Exchange_AddsUp_ByDayTenantKeyAndModel(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var amounts = new UsageAmounts(1, 2, 3, 4, 5, 6, 7);

        Assert.True(await SendAsync(test.Store, "r", 1, Record("b"), Record("a"), Record("a", model: "n"), Record("a", day: Day.AddDays(1))));
        Assert.True(await SendAsync(test.Store, "r", 2, Record("a"), Record("a")));
        Assert.True(await SendAsync(test.Store, "q", 1, Record("a")));

        Assert.Equal(
            [
                new UsageRecord("a", "k", "m", Day, amounts + amounts + amounts + amounts),
                new UsageRecord("a", "k", "n", Day, amounts),
                new UsageRecord("b", "k", "m", Day, amounts),
                new UsageRecord("a", "k", "m", Day.AddDays(1), amounts),
            ],
            await ReadAsync(test, new UsageQuery(Day, Day.AddDays(1))));
        Assert.Equal(new UsageAmounts(5, 10, 15, 20, 25, 30, 35), await test.Store.Usage.ReadMonthAsync("a", Day, default));
        Assert.Equal(amounts, await test.Store.Usage.ReadMonthAsync("a", Day.AddDays(30), default));
        Assert.Equal(default, await test.Store.Usage.ReadMonthAsync("c", Day, default));

        UsageRecord Record(string tenant, string model = "m", DateOnly? day = null) => new(tenant, "k", model, day ?? Day, amounts);
    }

    [Theory, EveryDatabase]
    public async Task Read_GoesByTheQuery(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        await SendAsync(test.Store, "r", 1, [.. from tenant in "ab" from key in "kl" from model in "mn" from day in Enumerable.Range(0, 3)
            select new UsageRecord($"{tenant}", $"{key}", $"{model}", Day.AddDays(day), One)]);

        Assert.Equal(24, (await ReadAsync(test, new UsageQuery(DateOnly.MinValue, DateOnly.MaxValue))).Count);
        Assert.Equal(8, (await ReadAsync(test, new UsageQuery(Day.AddDays(1), Day.AddDays(1)))).Count);
        Assert.Equal(12, (await ReadAsync(test, new UsageQuery(Day, Day.AddDays(2), Tenant: "a"))).Count);
        Assert.Equal(
            [new UsageRecord("a", "l", "n", Day, One)],
            await ReadAsync(test, new UsageQuery(Day, Day, "a", "l", "n")));
    }

    /// <summary>A batch whose answer got lost comes again.</summary>
    [Theory, EveryDatabase]
    public async Task Batch_ThatComesAgain_IsNotCountedTwice(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var another = await test.OpenAnotherAsync();
        var record = new UsageRecord("t", "k", "m", Day, One);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10)
            .Select(at => Task.Run(() => SendAsync(at % 2 == 0 ? test.Store : another, "r", 1, record))));

        Assert.Single(answers, isNew => isNew);
        Assert.True(await SendAsync(test.Store, "r", 2, record));
        Assert.False(await SendAsync(test.Store, "r", 1, record));
        Assert.Equal(2, (await test.Store.Usage.ReadMonthAsync("t", Day, default)).Requests);
    }

    /// <summary>Replicas write the same rows in other orders.</summary>
    [Theory, EveryDatabase]
    public async Task Exchange_OfManyReplicasAtOnce_LosesNothing(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var another = await test.OpenAnotherAsync();
        UsageRecord[] records = [.. Enumerable.Range(0, 40).Select(number => new UsageRecord($"t{number % 4}", "k", $"m{number}", Day, One))];

        await Task.WhenAll(Enumerable.Range(0, 8).Select(replica => Task.Run(async () =>
        {
            var random = new Random(replica);
            for (var sequence = 1; sequence <= 10; sequence++)
            {
                random.Shuffle(records = [.. records]);
                Assert.True(await SendAsync(replica % 2 == 0 ? test.Store : another, $"r{replica}", sequence, records));
            }
        })));

        var read = await ReadAsync(test, new UsageQuery(Day, Day));
        Assert.Equal(40, read.Count);
        Assert.All(read, record => Assert.Equal(80, record.Amounts.Requests));
        Assert.Equal(800, (await test.Store.Usage.ReadMonthAsync("t3", Day, default)).Requests);
    }

    /// <summary>PostgreSQL would refuse such a sum, again and again; SQLite would make a REAL of it.</summary>
    [Theory, EveryDatabase]
    public async Task Amounts_ThatWouldOverflow_StayAtTheLargest(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var most = new UsageAmounts(long.MaxValue, long.MaxValue - 1, 0, 0, -1, 0, 0);
        var more = new UsageAmounts(1, 1, 1, 0, 5, 0, 0);

        await SendAsync(test.Store, "r", 1, new UsageRecord("t", "k", "m", Day, most), new UsageRecord("t", "k", "n", Day, most));
        await SendAsync(test.Store, "r", 2, new UsageRecord("t", "k", "m", Day, more));
        await SendAsync(test.Store, "r", 3, new UsageRecord("t", "k", "m", Day, more));

        Assert.Equal(
            new UsageAmounts(long.MaxValue, long.MaxValue, 2, 0, 10, 0, 0),
            Assert.Single(await ReadAsync(test, new UsageQuery(Day, Day, Model: "m"))).Amounts);
        var month = await test.Store.Usage.ReadMonthAsync("t", Day, default);
        Assert.Equal(new UsageAmounts(long.MaxValue, long.MaxValue, 2, 0, 10, 0, 0), month);
        if (database == Database.Sqlite)
        {
            // The provider reads a REAL as the nearest integer.
            Assert.Equal(["integer"], await test.QueryAsync("SELECT typeof(requests) FROM usage UNION SELECT typeof(requests) FROM usage_months"));
        }

        Assert.Equal(long.MaxValue, new UsageAmounts(0, 0, long.MaxValue, long.MaxValue, 0, 0, 0)[UsageMeasure.Bytes]);
    }

    /// <summary>A model's name comes from clients: it must not keep the batch from being written.</summary>
    [Theory, EveryDatabase]
    public async Task Texts_ThatNoDatabaseKeeps_AreKeptInPart(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var tooLong = string.Concat(Enumerable.Repeat("\U0001F600", 2000));

        await SendAsync(test.Store, "r", 1, Of("a\0b"), Of("a\ud83d"), Of(tooLong), Of(new string('x', 3000)), Of(new string('x', 2000)), Of("'; --"));

        Assert.Equal(
            [("'; --", 1), ("a\ufffd", 1), ("a\ufffdb", 1), (new string('x', 200), 2), (tooLong[..200], 1)],
            (await ReadAsync(test, new UsageQuery(Day, Day))).Select(record => (record.Model, (int)record.Amounts.Requests))
                .OrderBy(pair => pair.Model, StringComparer.Ordinal).OrderBy(pair => pair.Model.Length > 3 && pair.Model[0] != '\''));

        static UsageRecord Of(string model) => new(model, model, model, Day, One);
    }

    [Theory, EveryDatabase]
    public async Task Batch_OfThousands_IsWrittenWhole(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);

        await SendAsync(test.Store, "r", 1, [.. Enumerable.Range(0, 7000).Select(number => new UsageRecord("t", $"k{number}", "m", Day, One))]);

        Assert.Equal(7000, (await ReadAsync(test, new UsageQuery(Day, Day))).Count);
        Assert.Equal(7000, (await test.Store.Usage.ReadMonthAsync("t", Day, default)).Requests);
    }

    /// <summary>A server that is killed while replicas write: batches that failed come again, and are there once.</summary>
    [Fact]
    public async Task Exchange_WithPostgreSqlKilled_LosesNothing_AndCountsNothingTwice()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await using var test = await TestStore.OpenAsync(Database.PostgreSql, server);
        var (sent, failed, failures) = (0, 0, new List<StoreException>());
        using var end = new CancellationTokenSource();
        var replicas = Enumerable.Range(0, 4).Select(replica => Task.Run(async () =>
        {
            for (var sequence = 1; !end.IsCancellationRequested; sequence++)
            {
                while (true)
                {
                    try
                    {
                        await SendAsync(test.Store, $"r{replica}", sequence, new UsageRecord("t", "k", "m", Day, One));
                        Interlocked.Increment(ref sent);
                        break;
                    }
                    catch (StoreException failure)
                    {
                        lock (failures)
                        {
                            failures.Add(failure);
                        }

                        Interlocked.Increment(ref failed);
                    }
                }
            }
        })).ToArray();

        for (var kill = 0; kill < 3; kill++)
        {
            var (sentBefore, failedBefore) = (sent, failed);
            await Eventually.IsAsync(() => Task.FromResult(sent > sentBefore + 20));
            await server.StopAsync();
            await Eventually.IsAsync(() => Task.FromResult(failed > failedBefore));
            await server.RestartAsync();
        }

        await end.CancelAsync();
        await Task.WhenAll(replicas);

        Assert.All(failures, failure => Assert.Equal((StoreFault.Unreachable, true), (failure.Fault, failure.IsTransient)));
        Assert.Equal(sent, (await test.Store.Usage.ReadMonthAsync("t", Day, default)).Requests);
    }

    private static readonly UsageAmounts One = new(1, 1, 1, 1, 1, 1, 1);

    private static async Task<bool> SendAsync(GatewayStore store, string replica, long sequence, params UsageRecord[] records) =>
        (await store.Usage.ExchangeAsync(new UsageBatch(replica, sequence, records, [], TimeSpan.FromMinutes(1)), default)).IsNew;

    private static async Task<List<UsageRecord>> ReadAsync(TestStore test, UsageQuery query)
    {
        List<UsageRecord> records = [];
        await foreach (var record in test.Store.Usage.ReadAsync(query, default))
        {
            records.Add(record);
        }

        return records;
    }
}
