namespace Gateway.Store.Tests;

public class TenantStoreTests
{
    private const string Actor = TestStore.Actor;

    [Theory, EveryDatabase]
    public async Task Add_IsFound_ByIdAndName(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);

        var added = await test.Tenants.AddAsync("team", """{"UserId":"u"}""", Actor, default);

        Assert.Equal(StoreOutcome.Done, added.Outcome);
        Assert.Equal(added.Value, await test.Tenants.GetAsync("team", default));
        Assert.Equal(added.Value, await test.Tenants.GetAsync(added.Value!.Id, default));
        Assert.Equal(1, added.Value.Version);
        Assert.Null(await test.Tenants.GetAsync("Team", default));
        Assert.Null(await test.Tenants.GetAsync(Guid.NewGuid(), default));
    }
}
