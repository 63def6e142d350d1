using Gateway.Store.Usage;
using Gateway.Testing;

namespace Gateway.Store.Tests;

public class BudgetTests
{
    private static readonly DateOnly Day = new(2026, 3, 31);
    private static readonly BudgetKey Requests = new("t", Day, UsageMeasure.Requests);
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Theory, EveryDatabase]
    public async Task Claim_IsHeld_UpToWhatOthersLeave(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);

        Assert.Equal((0, 0, 60), await ClaimAsync(test, "a", 1, 0, limit: 100, reserved: 0, wanted: 60));
        Assert.Equal((0, 60, 40), await ClaimAsync(test, "b", 1, 0, limit: 100, reserved: 0, wanted: 60));
        Assert.Equal((0, 100, 0), await ClaimAsync(test, "c", 1, 0, limit: 100, reserved: 0, wanted: 60));

        // 25 of a's are used: they are settled and held no more, at once.
        Assert.Equal((25, 40, 35), await ClaimAsync(test, "a", 2, 25, limit: 100, reserved: 0, wanted: 60));
        Assert.Equal((25, 35, 40), await ClaimAsync(test, "b", 2, 0, limit: 100, reserved: 40, wanted: 90));
    }

    [Theory, EveryDatabase]
    public async Task Claim_OfWhatIsReserved_IsHeld_WhateverTheLimit(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);

        Assert.Equal((100, 0, 10), await ClaimAsync(test, "a", 1, 100, limit: 50, reserved: 10, wanted: 10));
        Assert.Equal((100, 10, 0), await ClaimAsync(test, "b", 1, 0, limit: 105, reserved: 0, wanted: 5));
    }

    [Theory, EveryDatabase]
    public async Task Hold_ThatIsNotRenewed_Lapses(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        await ClaimAsync(test, "dead", 1, 0, limit: 100, reserved: 100, wanted: 100);

        await Eventually.IsAsync(async () =>
            await ClaimAsync(test, "alive", 1, 0, limit: 100, reserved: 0, wanted: 100, TimeSpan.FromMilliseconds(200)) == (0, 0, 100));
    }

    [Theory, EveryDatabase]
    public async Task Hold_ThatIsNotClaimed_IsGivenBack(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        await ClaimAsync(test, "a", 1, 0, limit: 100, reserved: 0, wanted: 100);

        await test.Store.Usage.ExchangeAsync(new UsageBatch("a", 2, [], [], Long), default);

        Assert.Equal((0, 0, 100), await ClaimAsync(test, "b", 1, 0, limit: 100, reserved: 0, wanted: 100));
    }

    [Theory, EveryDatabase]
    public async Task Budgets_OfOtherMonthsTenantsAndMeasures_AreOthers(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        BudgetKey[] keys =
        [
            Requests, Requests with { Month = Day.AddDays(1) }, Requests with { Tenant = "u" }, Requests with { Measure = UsageMeasure.Bytes },
            Requests with { Measure = UsageMeasure.CachedTokens },
        ];
        var record = new UsageRecord("t", "k", "m", Day, new UsageAmounts(1, 2, 3, 4, 5, 6, 7));

        var claims = keys.Select(key => new BudgetClaim(key, 100, 0, 50)).ToArray();
        var first = await test.Store.Usage.ExchangeAsync(new UsageBatch("a", 1, [record], claims, Long), default);
        var second = await test.Store.Usage.ExchangeAsync(new UsageBatch("b", 1, [], claims[..1], Long), default);

        Assert.Equal(keys, first.Budgets.Select(budget => budget.Budget));
        Assert.Equal([1, 0, 0, 7, 7], first.Budgets.Select(budget => budget.Used));
        Assert.All(first.Budgets, budget => Assert.Equal((0, 50), (budget.HeldByOthers, budget.Held)));
        Assert.Equal((50, 49), (second.Budgets[0].HeldByOthers, second.Budgets[0].Held));
    }

    /// <summary>Replicas that spend only what they hold never spend more than the budget, together.</summary>
    [Theory, EveryDatabase]
    public async Task Budget_ThatManySpendAtOnce_IsSpentToItsEnd_AndNoFurther(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var another = await test.OpenAnotherAsync();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(replica => Task.Run(async () =>
        {
            var (store, spent, held) = (replica % 2 == 0 ? test.Store : another, 0L, 0L);
            for (var sequence = 1; sequence <= 30; sequence++)
            {
                spent = held;
                var record = new UsageRecord("t", "k", "m", Day, new UsageAmounts(spent, 0, 0, 0, 0, 0, 0));
                var batch = new UsageBatch($"r{replica}", sequence, [record], [new BudgetClaim(Requests, 1000, 0, 17)], Long);
                var budget = (await store.Usage.ExchangeAsync(batch, default)).Budgets[0];
                Assert.True(budget.Used + budget.HeldByOthers + budget.Held <= 1000);
                held = budget.Held;
            }

            await store.Usage.ExchangeAsync(
                new UsageBatch($"r{replica}", 31, [new UsageRecord("t", "k", "m", Day, new UsageAmounts(held, 0, 0, 0, 0, 0, 0))], [], Long), default);
        })));

        Assert.Equal(1000, (await test.Store.Usage.ReadMonthAsync("t", Day, default)).Requests);
    }

    private static async Task<(long Used, long HeldByOthers, long Held)> ClaimAsync(
        TestStore test, string replica, long sequence, long used, long limit, long reserved, long wanted, TimeSpan? lifetime = null)
    {
        UsageRecord[] records = used == 0 ? [] : [new("t", "k", "m", Day, new UsageAmounts(used, 0, 0, 0, 0, 0, 0))];
        var batch = new UsageBatch(replica, sequence, records, [new BudgetClaim(Requests, limit, reserved, wanted)], lifetime ?? Long);
        var budget = Assert.Single((await test.Store.Usage.ExchangeAsync(batch, default)).Budgets);
        return (budget.Used, budget.HeldByOthers, budget.Held);
    }
}
