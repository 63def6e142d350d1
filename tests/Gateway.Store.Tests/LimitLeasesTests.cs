using System.Diagnostics;
using Gateway.Store.Sharing;
using Gateway.Testing;

namespace Gateway.Store.Tests;

public class LimitLeasesTests
{
    private const double NoRefill = 0;

    [Theory, EveryDatabase]
    public async Task Take_GivesWhatThereIs(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var another = await test.OpenAnotherAsync();

        Assert.Equal(6, await TakeAsync(test.Store, 6));
        Assert.Equal(4, await TakeAsync(another, 6));
        Assert.Equal(0, await TakeAsync(test.Store, 6));
        Assert.Equal(0, await TakeAsync(test.Store, 0));
        // Given back by one, taken by another; never more than a full bucket.
        Assert.Equal(-3, await TakeAsync(test.Store, -3));
        Assert.Equal(3, await TakeAsync(another, 5));
        Assert.Equal(-1000, await TakeAsync(test.Store, -1000));
        Assert.Equal(10, await TakeAsync(another, 1000));
    }

    [Theory, EveryDatabase]
    public async Task Take_OfANewBucket_IsAtMostWhatItHolds(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);

        Assert.Equal(10, await TakeAsync(test.Store, 1000));
        Assert.Equal(0, await TakeAsync(test.Store, 1));
    }

    [Theory, EveryDatabase]
    public async Task Take_FromManyBuckets_IsByBucket(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        LeaseRequest[] requests = [.. Enumerable.Range(0, 10_000).Select(number => new LeaseRequest($"b{number}", NoRefill, number, 5))];

        var first = await test.Store.Leases.TakeAsync(requests, default);
        var second = await test.Store.Leases.TakeAsync(requests, default);

        Assert.All(requests, request => Assert.Equal(Math.Min(5, request.Capacity), first[request.Bucket]));
        Assert.All(requests, request => Assert.Equal(Math.Clamp(request.Capacity - 5, 0, 5), second[request.Bucket]));
        Assert.Empty(await test.Store.Leases.TakeAsync([], default));
    }

    /// <summary>The buckets begin full; what is given besides is what time brings.</summary>
    [Theory, EveryDatabase]
    public async Task Take_ByManyForAWhile_NeverGivesMore_ThanTheRateBrings(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var another = await test.OpenAnotherAsync();
        const double Rate = 500;
        var clock = Stopwatch.StartNew();

        var given = await Task.WhenAll(Enumerable.Range(0, 6).Select(replica => Task.Run(async () =>
        {
            var (random, sum) = (new Random(replica), 0.0);
            LeaseRequest[] requests = [new("a", Rate, 10, 100), new("b", Rate, 10, 100), new("c", Rate, 10, 100)];
            for (var times = 0; times < 100; times++)
            {
                random.Shuffle(requests);
                sum += (await (replica % 2 == 0 ? test.Store : another).Leases.TakeAsync(requests, default)).Values.Sum();
            }

            return sum;
        })));
        var most = 3 * (10 + (Rate * (clock.Elapsed.TotalSeconds + 0.002))); // the database's clock has milliseconds

        Assert.InRange(given.Sum(), 31, most);
    }

    [Theory, EveryDatabase]
    public async Task Bucket_FillsByTime(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        await TakeAsync(test.Store, 10, rate: 50);
        var sum = 0.0;

        await Eventually.IsAsync(async () => (sum += await TakeAsync(test.Store, 10, rate: 50)) >= 20);
    }

    [Theory, EveryDatabase]
    public async Task Bucket_ThatIsFullAgain_IsForgotten_WhenTheStoreIsOpened(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        await test.Store.Leases.TakeAsync([new("full", 1, 10, 10), new("empty", 0.00001, 10, 10)], default);
        await test.ExecuteAsync("UPDATE leases SET updated = updated - 86500000");

        await test.OpenAnotherAsync();

        Assert.Equal(["empty"], await test.QueryAsync("SELECT bucket FROM leases"));
    }

    /// <summary>What the hot path's limits cost the database.</summary>
    [Fact]
    public async Task Take_IsOneStatement_InPostgreSql()
    {
        await using var test = await TestStore.OpenAsync(Database.PostgreSql);
        await test.ExecuteAsync($"ALTER DATABASE {test.DatabaseName} SET log_statement = 'all'");
        await using var fresh = await GatewayStore.OpenAsync(test.Connection, TimeProvider.System, default);
        var before = await StatementsAsync(test);

        for (var times = 0; times < 100; times++)
        {
            await fresh.Leases.TakeAsync([new("a", 1, 1, 1), new("b", 1, 1, 1)], default);
        }

        var statements = (await StatementsAsync(test))[before.Length..];
        Assert.Equal(100, statements.Count(statement => statement.Contains("INSERT INTO leases", StringComparison.Ordinal)));
        Assert.Equal(100, statements.Length);
    }

    private static async Task<string[]> StatementsAsync(TestStore test) =>
        [.. (await (await PostgreSqlServer.SharedAsync()).ReadLogAsync()).Split('\n')
            .Where(line => line.StartsWith($"{test.DatabaseName} LOG:", StringComparison.Ordinal))];

    private static async Task<double> TakeAsync(GatewayStore store, double tokens, double rate = NoRefill) =>
        Assert.Single(await store.Leases.TakeAsync([new LeaseRequest("bucket", rate, 10, tokens)], default)).Value;
}
