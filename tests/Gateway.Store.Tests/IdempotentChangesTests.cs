using Gateway.Store.Definitions;

namespace Gateway.Store.Tests;

public class IdempotentChangesTests
{
    [Theory, EveryDatabase]
    public async Task Change_UnderOneKey_IsMadeOnce_AndAnsweredAgain(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var tenant = await test.AddTenantAsync();

        var first = await CreateKeyAsync(test.Store, tenant, "id", "request", "one");
        var second = await CreateKeyAsync(test.Store, tenant, "id", "request", "two");
        var other = await CreateKeyAsync(test.Store, tenant, "id", "another request", "three");

        Assert.Equal((IdempotencyOutcome.First, "one"), (first.Outcome, first.Response!.Reveal()));
        Assert.Equal((IdempotencyOutcome.Repeated, "one"), (second.Outcome, second.Response!.Reveal()));
        Assert.Equal((IdempotencyOutcome.OtherRequest, null), (other.Outcome, other.Response));
        Assert.Equal("one", Assert.Single((await test.Keys.ListAsync(tenant.Id, null, 10, default)).Items).Name);
    }

    [Theory, EveryDatabase]
    public async Task Change_UnderOneKey_ByManyAtOnce_IsMadeOnce(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var another = await test.OpenAnotherAsync();
        var tenant = await test.AddTenantAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(at =>
            Task.Run(() => CreateKeyAsync(at % 2 == 0 ? test.Store : another, tenant, "id", "request", $"key{at}"))));

        Assert.Single(answers, answer => answer.Outcome == IdempotencyOutcome.First);
        Assert.Single(answers.Select(answer => answer.Response!.Reveal()).Distinct());
        Assert.Single((await test.Keys.ListAsync(tenant.Id, null, 10, default)).Items);
    }

    [Theory, EveryDatabase]
    public async Task Key_OfADayAgo_IsForgotten(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var tenant = await test.AddTenantAsync();
        await CreateKeyAsync(test.Store, tenant, "id", "request", "one");

        await test.ExecuteAsync("UPDATE idempotency_keys SET created = created - 86400001");

        Assert.Equal(IdempotencyOutcome.First, (await CreateKeyAsync(test.Store, tenant, "id", "request", "two")).Outcome);
    }

    private static Task<IdempotentAnswer> CreateKeyAsync(GatewayStore store, StoredTenant tenant, string key, string request, string name) =>
        store.IdempotentChanges.RunAsync(key, request, async definitions =>
        {
            Assert.Equal(StoreOutcome.Done, (await definitions.Keys.AddAsync(tenant.Id, name, NewKeys.Make(), TestStore.Actor, default)).Outcome);
            Assert.NotNull(await definitions.Keys.GetAsync(tenant.Id, name, default));
            return new SecretText(name);
        }, default);
}
