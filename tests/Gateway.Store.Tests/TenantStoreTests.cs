using Gateway.Store.Definitions;
using Gateway.Testing;

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
        Assert.Equal("""{"UserId":"u"}""", added.Value.Settings);
        Assert.Null(await test.Tenants.GetAsync("Team", default));
        Assert.Null(await test.Tenants.GetAsync(Guid.NewGuid(), default));
    }

    [Theory, EveryDatabase]
    public async Task Add_OfTheSameName_IsTheSame_OnlyWithTheSameSettings(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var tenant = await test.AddTenantAsync("team", """{"UserId":"u","AppId":"a"}""");

        var same = await test.Tenants.AddAsync("team", """{ "AppId": "a", "UserId": "u" }""", Actor, default);
        var other = await test.Tenants.AddAsync("team", """{"UserId":"other"}""", Actor, default);

        Assert.Equal((StoreOutcome.Unchanged, tenant), (same.Outcome, same.Value));
        Assert.Equal((StoreOutcome.NameTaken, tenant), (other.Outcome, other.Value));
        Assert.Single((await test.Store.Audit.ListAsync(null, null, 10, default)).Items);
    }

    [Theory, EveryDatabase]
    public async Task Add_OfOneName_ByManyAtOnce_MakesOne(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var another = await test.OpenAnotherAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(at => Task.Run(() =>
            (at % 2 == 0 ? test.Store : another).Definitions.Tenants.AddAsync("team", $$"""{"UserId":"{{at}}"}""", Actor, default))));

        Assert.Single(results, result => result.Outcome == StoreOutcome.Done);
        Assert.Equal(19, results.Count(result => result.Outcome == StoreOutcome.NameTaken));
        Assert.Single(results.Select(result => result.Value!.Id).Distinct());
    }

    [Theory, EveryDatabase]
    public async Task List_InParts_HasAllInOrder(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        foreach (var number in Enumerable.Range(0, 7))
        {
            await test.AddTenantAsync($"team{number}");
        }

        List<string> names = [];
        List<int> sizes = [];
        string? next = null;
        do
        {
            var page = await test.Tenants.ListAsync(next, 3, default);
            names.AddRange(page.Items.Select(tenant => tenant.Name));
            sizes.Add(page.Items.Length);
            next = page.Next;
        }
        while (next is not null);

        Assert.Equal(Enumerable.Range(0, 7).Select(number => $"team{number}").Order(), names.Order());
        Assert.Equal([3, 3, 1], sizes);
        await Assert.ThrowsAsync<ArgumentException>(() => test.Tenants.ListAsync("x", 3, default));
    }

    [Theory, EveryDatabase]
    public async Task Change_OfTheExpectedVersion_IsMade(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var tenant = await test.AddTenantAsync(settings: """{"UserId":"u"}""");

        var changed = await test.Tenants.ChangeAsync(tenant.Id, 1, "squad", """{"UserId":"v"}""", Actor, default);
        var late = await test.Tenants.ChangeAsync(tenant.Id, 1, null, "{}", Actor, default);
        var nothing = await test.Tenants.ChangeAsync(tenant.Id, null, "squad", null, Actor, default);

        Assert.Equal(StoreOutcome.Done, changed.Outcome);
        Assert.Equal(("squad", 2, """{"UserId":"v"}"""), (changed.Value!.Name, changed.Value.Version, changed.Value.Settings));
        Assert.Equal((StoreOutcome.VersionConflict, changed.Value), (late.Outcome, late.Value));
        Assert.Equal((StoreOutcome.Unchanged, changed.Value), (nothing.Outcome, nothing.Value));
        Assert.Equal(changed.Value, await test.Tenants.GetAsync("squad", default));
    }

    [Theory, EveryDatabase]
    public async Task Change_OfOneVersion_ByManyAtOnce_IsMadeOnce(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var another = await test.OpenAnotherAsync();
        var tenant = await test.AddTenantAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(at => Task.Run(() =>
            (at % 2 == 0 ? test.Store : another).Definitions.Tenants.ChangeAsync(tenant.Id, 1, null, $$"""{"UserId":"{{at}}"}""", Actor, default))));

        Assert.Single(results, result => result.Outcome == StoreOutcome.Done);
        Assert.Equal(19, results.Count(result => result.Outcome == StoreOutcome.VersionConflict));
    }

    [Theory, EveryDatabase]
    public async Task Change_ToATakenName_IsRefused(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var tenant = await test.AddTenantAsync("team");
        var other = await test.AddTenantAsync("squad");

        var result = await test.Tenants.ChangeAsync(tenant.Id, null, "squad", null, Actor, default);

        Assert.Equal((StoreOutcome.NameTaken, other), (result.Outcome, result.Value));
        Assert.Equal(tenant, await test.Tenants.GetAsync(tenant.Id, default));
    }

    [Theory, EveryDatabase]
    public async Task Remove_TakesKeysAndTokensAlong_AndLeavesTheAuditLog(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var tenant = await test.AddTenantAsync();
        await test.Keys.AddAsync(tenant.Id, "key", NewKeys.Make(), Actor, default);
        await test.Pats.SetAsync(tenant.Id, "pat", new SecretText("token"), null, Actor, default);

        Assert.Equal(StoreOutcome.VersionConflict, (await test.Tenants.RemoveAsync(tenant.Id, 7, Actor, default)).Outcome);
        Assert.Equal(StoreOutcome.Done, (await test.Tenants.RemoveAsync(tenant.Id, 1, Actor, default)).Outcome);

        Assert.Equal(StoreOutcome.NotFound, (await test.Tenants.RemoveAsync(tenant.Id, null, Actor, default)).Outcome);
        Assert.Equal(StoreOutcome.NotFound, (await test.Tenants.ChangeAsync(tenant.Id, null, null, "{}", Actor, default)).Outcome);
        Assert.Empty((await test.Store.Definitions.LoadAsync(default)).Tenants);
        Assert.Empty((await test.Keys.ListAsync(tenant.Id, null, 10, default)).Items);
        Assert.Empty(await test.Pats.ListAsync(tenant.Id, default));
        Assert.Equal(4, (await test.Store.Audit.ListAsync(tenant.Id, null, 10, default)).Items.Length);
    }

    [Theory, EveryDatabase]
    public async Task Tenant_ThatCannotBeKept_IsRefused(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);

        foreach (var name in new[] { "", " ", "a\0b", "a\ud800", new string('n', 201) })
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(() => test.Tenants.AddAsync(name, "{}", Actor, default));
        }

        await Assert.ThrowsAnyAsync<ArgumentException>(() => test.Tenants.AddAsync("team", "[]", Actor, default));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => test.Tenants.AddAsync("team", "{", Actor, default));
    }

    [Theory, EveryDatabase]
    public async Task Load_IsEverything_AtOneMoment(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var team = await test.AddTenantAsync("team");
        var squad = await test.AddTenantAsync("squad");
        var key = (await test.Keys.AddAsync(team.Id, "key", NewKeys.Make(), Actor, default)).Value!;
        var revoked = (await test.Keys.AddAsync(team.Id, "gone", NewKeys.Make(), Actor, default)).Value!;
        await test.Keys.RevokeAsync(team.Id, revoked.Id, Actor, default);
        await test.Keys.AddAsync(team.Id, "late", NewKeys.Make(expires: DateTimeOffset.UnixEpoch), Actor, default);
        await test.Pats.SetAsync(squad.Id, "pat", new SecretText("token"), 7.5, Actor, default);

        var all = await test.Store.Definitions.LoadAsync(default);

        Assert.Equal(["team", "squad"], all.Tenants.OrderBy(tenant => tenant.Tenant.Created).Select(tenant => tenant.Tenant.Name));
        var (ofTeam, ofSquad) = (all.Tenants.Single(one => one.Tenant.Id == team.Id), all.Tenants.Single(one => one.Tenant.Id == squad.Id));
        Assert.Equal(key, Assert.Single(ofTeam.Keys));
        Assert.Empty(ofTeam.Pats);
        var pat = Assert.Single(ofSquad.Pats);
        Assert.Equal(("token", 7.5), (pat.Token!.Reveal(), pat.Pat.RequestsPerSecond));
        Assert.Equal(7, all.Revision);
    }

    /// <summary>A revision that was loaded has everything up to it, and nothing of what came later.</summary>
    [Theory, EveryDatabase]
    public async Task Load_WhileOthersChange_FitsItsRevision(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var another = await test.OpenAnotherAsync();
        using var end = new CancellationTokenSource();

        var changes = Task.Run(async () =>
        {
            for (var number = 0; !end.IsCancellationRequested; number++)
            {
                await another.Definitions.Tenants.AddAsync($"team{number}", "{}", Actor, default);
            }
        });
        List<StoredDefinitions> loaded = [];
        await Eventually.IsAsync(async () =>
        {
            loaded.Add(await test.Store.Definitions.LoadAsync(default));
            return loaded[^1].Revision > 30;
        });
        await end.CancelAsync();
        await changes;

        Assert.All(loaded, all => Assert.Equal(all.Revision, all.Tenants.Length));
    }
}
