namespace Gateway.Store.Tests;

public class KeyStoreTests
{
    private const string Actor = TestStore.Actor;

    private static readonly DateTimeOffset Soon = DateTimeOffset.FromUnixTimeMilliseconds(4_000_000_000_123);

    [Theory, EveryDatabase]
    public async Task Add_IsFound_AndTakesItsName(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var tenant = await test.AddTenantAsync();
        var made = NewKeys.Make("""{"Scopes":["predict"]}""", Soon);

        var key = (await test.Keys.AddAsync(tenant.Id, "key", made, Actor, default)).Value!;
        var again = await test.Keys.AddAsync(tenant.Id, "key", NewKeys.Make(), Actor, default);

        Assert.Equal((made.Sha256.ToLowerInvariant(), made.Prefix, made.Settings, Soon), (key.Sha256, key.Prefix, key.Settings, key.Expires));
        Assert.Equal(key.Sha256[..12], key.Fingerprint);
        Assert.Equal((StoreOutcome.NameTaken, key), (again.Outcome, again.Value));
        Assert.Equal(key, await test.Keys.GetAsync(tenant.Id, key.Id, default));
        Assert.Equal(key, await test.Keys.GetAsync(tenant.Id, "key", default));
        Assert.Equal(key, Assert.Single((await test.Keys.ListAsync(tenant.Id, null, 1, default)).Items));
        Assert.Equal(StoreOutcome.NotFound, (await test.Keys.AddAsync(Guid.NewGuid(), "key", NewKeys.Make(), Actor, default)).Outcome);
    }

    [Theory, EveryDatabase]
    public async Task Key_OfAnotherTenant_IsNotFound(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var (team, squad) = (await test.AddTenantAsync("team"), await test.AddTenantAsync("squad"));
        var key = (await test.Keys.AddAsync(team.Id, "key", NewKeys.Make(), Actor, default)).Value!;

        Assert.Null(await test.Keys.GetAsync(squad.Id, key.Id, default));
        Assert.Equal(StoreOutcome.NotFound, (await test.Keys.RevokeAsync(squad.Id, key.Id, Actor, default)).Outcome);
        Assert.Equal(StoreOutcome.NotFound, (await test.Keys.ChangeAsync(squad.Id, key.Id, null, "{}", Soon, Actor, default)).Outcome);
        Assert.Equal(StoreOutcome.NotFound, (await test.Keys.RotateAsync(squad.Id, key.Id, null, NewKeys.Make(), Soon, Actor, default)).Outcome);
        Assert.Equal(key, await test.Keys.GetAsync(team.Id, key.Id, default));
    }

    [Theory, EveryDatabase]
    public async Task Rotate_GivesTheNameAway_AndLetsTheOldKeyExpire(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var tenant = await test.AddTenantAsync();
        var old = (await test.Keys.AddAsync(tenant.Id, "key", NewKeys.Make(), Actor, default)).Value!;

        var rotated = await test.Keys.RotateAsync(tenant.Id, old.Id, 1, NewKeys.Make("""{"Scopes":["read"]}"""), Soon, Actor, default);

        Assert.Equal(StoreOutcome.Done, rotated.Outcome);
        Assert.Equal(rotated.Value, await test.Keys.GetAsync(tenant.Id, "key", default));
        var replaced = (await test.Keys.GetAsync(tenant.Id, old.Id, default))!;
        Assert.Equal((Soon, rotated.Value!.Id, 2), (replaced.Expires, replaced.ReplacedBy, replaced.Version));
        Assert.True(replaced.WorksAt(Soon.AddMilliseconds(-1)));
        Assert.False(replaced.WorksAt(Soon));
        Assert.Equal(2, (await test.Store.Definitions.LoadAsync(default)).Tenants.Single().Keys.Length);

        // For good.
        var twice = await test.Keys.RotateAsync(tenant.Id, old.Id, null, NewKeys.Make(), Soon, Actor, default);
        Assert.Equal((StoreOutcome.NotLive, replaced), (twice.Outcome, twice.Value));
        Assert.Equal(StoreOutcome.NotLive, (await test.Keys.ChangeAsync(tenant.Id, old.Id, null, "{}", null, Actor, default)).Outcome);
        Assert.Equal(StoreOutcome.Done, (await test.Keys.RevokeAsync(tenant.Id, old.Id, Actor, default)).Outcome);
        Assert.Single((await test.Store.Definitions.LoadAsync(default)).Tenants.Single().Keys);
    }

    [Theory, EveryDatabase]
    public async Task Rotate_NeverLengthensALife(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var tenant = await test.AddTenantAsync();
        var old = (await test.Keys.AddAsync(tenant.Id, "key", NewKeys.Make(expires: Soon), Actor, default)).Value!;

        await test.Keys.RotateAsync(tenant.Id, old.Id, null, NewKeys.Make(), Soon.AddDays(1), Actor, default);

        Assert.Equal(Soon, (await test.Keys.GetAsync(tenant.Id, old.Id, default))!.Expires);
    }

    [Theory, EveryDatabase]
    public async Task Revoke_IsForGood_AndFreesTheName(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var tenant = await test.AddTenantAsync();
        var key = (await test.Keys.AddAsync(tenant.Id, "key", NewKeys.Make(), Actor, default)).Value!;

        var revoked = await test.Keys.RevokeAsync(tenant.Id, key.Id, Actor, default);

        Assert.Equal(StoreOutcome.Done, revoked.Outcome);
        Assert.False(revoked.Value!.WorksAt(DateTimeOffset.UnixEpoch));
        Assert.Equal((StoreOutcome.Unchanged, revoked.Value), Pair(await test.Keys.RevokeAsync(tenant.Id, key.Id, Actor, default)));
        Assert.Equal((StoreOutcome.NotLive, revoked.Value), Pair(await test.Keys.ChangeAsync(tenant.Id, key.Id, null, "{}", Soon, Actor, default)));
        Assert.Null(await test.Keys.GetAsync(tenant.Id, "key", default));
        Assert.Equal(StoreOutcome.Done, (await test.Keys.AddAsync(tenant.Id, "key", NewKeys.Make(), Actor, default)).Outcome);
    }

    [Theory, EveryDatabase]
    public async Task Change_OfTheExpectedVersion_IsMade(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var tenant = await test.AddTenantAsync();
        var key = (await test.Keys.AddAsync(tenant.Id, "key", NewKeys.Make(), Actor, default)).Value!;

        var changed = await test.Keys.ChangeAsync(tenant.Id, key.Id, 1, """{"Scopes":["all"]}""", Soon, Actor, default);

        Assert.Equal(StoreOutcome.Done, changed.Outcome);
        Assert.Equal(("""{"Scopes":["all"]}""", Soon, 2), (changed.Value!.Settings, changed.Value.Expires, changed.Value.Version));
        Assert.Equal(changed.Value, await test.Keys.GetAsync(tenant.Id, key.Id, default));
        Assert.Equal(StoreOutcome.VersionConflict, (await test.Keys.ChangeAsync(tenant.Id, key.Id, 1, "{}", null, Actor, default)).Outcome);
        Assert.Equal(StoreOutcome.Unchanged, (await test.Keys.ChangeAsync(tenant.Id, key.Id, 2, """{"Scopes":["all"]}""", Soon, Actor, default)).Outcome);
    }

    [Theory, EveryDatabase]
    public async Task NoteUsed_KeepsTheLatestDay_AndIsNoChange(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var tenant = await test.AddTenantAsync();
        var one = (await test.Keys.AddAsync(tenant.Id, "one", NewKeys.Make(), Actor, default)).Value!;
        var two = (await test.Keys.AddAsync(tenant.Id, "two", NewKeys.Make(), Actor, default)).Value!;
        var revision = (await test.Store.Definitions.LoadAsync(default)).Revision;
        DateOnly first = new(2026, 1, 31), later = new(2026, 2, 1);

        await test.Keys.NoteUsedAsync(new Dictionary<Guid, DateOnly> { [one.Id] = first, [two.Id] = later, [Guid.NewGuid()] = later }, default);
        await test.Keys.NoteUsedAsync(new Dictionary<Guid, DateOnly> { [one.Id] = later, [two.Id] = first }, default);
        await test.Keys.NoteUsedAsync(new Dictionary<Guid, DateOnly>(), default);

        Assert.Equal(one with { LastUsed = later }, await test.Keys.GetAsync(tenant.Id, "one", default));
        Assert.Equal(two with { LastUsed = later }, await test.Keys.GetAsync(tenant.Id, "two", default));
        Assert.Equal(revision, (await test.Store.Definitions.LoadAsync(default)).Revision);
    }

    private static (StoreOutcome Outcome, T? Value) Pair<T>(StoreResult<T> result)
        where T : class => (result.Outcome, result.Value);
}
