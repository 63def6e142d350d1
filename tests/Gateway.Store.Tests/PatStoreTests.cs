namespace Gateway.Store.Tests;

public class PatStoreTests
{
    private const string Actor = TestStore.Actor;

    [Theory, EveryDatabase]
    public async Task Set_AddsAndReplaces(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var tenant = await test.AddTenantAsync();

        var added = await test.Pats.SetAsync(tenant.Id, "main", new SecretText("first"), 15, Actor, default);
        var same = await test.Pats.SetAsync(tenant.Id, "main", new SecretText("first"), 15, Actor, default);
        var replaced = await test.Pats.SetAsync(tenant.Id, "main", new SecretText("second"), null, Actor, default);
        await test.Pats.SetAsync(tenant.Id, "spare", new SecretText("third"), null, Actor, default);

        Assert.Equal(StoreOutcome.Done, added.Outcome);
        Assert.Equal((StoreOutcome.Unchanged, added.Value), (same.Outcome, same.Value));
        Assert.Equal((StoreOutcome.Done, added.Value!.Id), (replaced.Outcome, replaced.Value!.Id));
        Assert.Equal("16367aacb67a", replaced.Value.Fingerprint); // printf second | sha256sum
        Assert.Equal(["main", "spare"], (await test.Pats.ListAsync(tenant.Id, default)).Select(pat => pat.Name));
        Assert.Equal(["second", "third"], await TokensAsync(test));
        Assert.Equal(StoreOutcome.NotFound, (await test.Pats.SetAsync(Guid.NewGuid(), "main", new SecretText("x"), null, Actor, default)).Outcome);
    }

    [Theory, EveryDatabase]
    public async Task Remove_IsGone(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var tenant = await test.AddTenantAsync();
        await test.Pats.SetAsync(tenant.Id, "main", new SecretText("first"), 15, Actor, default);

        Assert.Equal(StoreOutcome.Done, (await test.Pats.RemoveAsync(tenant.Id, "main", Actor, default)).Outcome);
        Assert.Equal(StoreOutcome.NotFound, (await test.Pats.RemoveAsync(tenant.Id, "main", Actor, default)).Outcome);
        Assert.Empty(await TokensAsync(test));
    }

    [Theory, EveryDatabase]
    public async Task Token_IsRead_ByWhoeverHasTheMasterKey(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var tenant = await test.AddTenantAsync();
        await test.Pats.SetAsync(tenant.Id, "main", new SecretText("first"), null, Actor, default);

        var another = await test.OpenAnotherAsync();

        Assert.Equal("first", (await another.Definitions.LoadAsync(default)).Tenants.Single().Pats.Single().Token!.Reveal());
    }

    /// <summary>Who can write to the database may copy rows: a token works for the tenant that it was given to alone.</summary>
    [Theory]
    [EveryDatabase("UPDATE pats SET tenant_id = (SELECT id FROM tenants WHERE name = 'thief')")]
    [EveryDatabase("UPDATE pats SET ciphertext = (SELECT p.ciphertext FROM pats p WHERE p.name = 'other') WHERE name = 'main'")]
    public async Task Ciphertext_InAnotherRow_IsNoToken(Database database, string move)
    {
        await using var test = await TestStore.OpenAsync(database);
        var tenant = await test.AddTenantAsync("team");
        await test.AddTenantAsync("thief");
        await test.Pats.SetAsync(tenant.Id, "main", new SecretText("first"), null, Actor, default);
        await test.Pats.SetAsync(tenant.Id, "other", new SecretText("second"), null, Actor, default);

        await test.ExecuteAsync(move);

        var pats = (await test.Store.Definitions.LoadAsync(default)).Tenants.SelectMany(one => one.Pats);
        Assert.Null(pats.Single(pat => pat.Pat.Name == "main").Token);
        Assert.DoesNotContain(pats, pat => pat.Token?.Reveal() == "first");
    }

    private static async Task<string[]> TokensAsync(TestStore test) =>
        [.. (await test.Store.Definitions.LoadAsync(default)).Tenants.SelectMany(one => one.Pats).Select(pat => pat.Token!.Reveal())];
}
