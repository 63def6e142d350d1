namespace Gateway.Store.Tests;

public class AuditLogTests
{
    [Theory, EveryDatabase]
    public async Task Change_IsWrittenDown_WithFingerprintsOfSecrets(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var tenant = (await test.Tenants.AddAsync("team", """{"UserId":"u","Limits":{"Streams":2}}""", "ann", default)).Value!;
        await test.Tenants.ChangeAsync(tenant.Id, null, "squad", """{"Limits":{"Streams":3,"Concurrency":1}}""", "bob", default);
        var old = (await test.Keys.AddAsync(tenant.Id, "key", NewKeys.Make("""{"Scopes":["read"]}"""), "ann", default)).Value!;
        var key = (await test.Keys.RotateAsync(tenant.Id, old.Id, null, NewKeys.Make(), DateTimeOffset.UnixEpoch, "ann", default)).Value!;
        await test.Keys.ChangeAsync(tenant.Id, key.Id, null, "{}", DateTimeOffset.UnixEpoch, "ann", default);
        await test.Keys.RevokeAsync(tenant.Id, key.Id, "ann", default);
        await test.Pats.SetAsync(tenant.Id, "pat", new SecretText("first"), null, "ann", default);
        await test.Pats.SetAsync(tenant.Id, "pat", new SecretText("second"), null, "ann", default);
        await test.Pats.RemoveAsync(tenant.Id, "pat", "ann", default);
        await test.Tenants.RemoveAsync(tenant.Id, null, "ann", default);

        var entries = (await test.Store.Audit.ListAsync(tenant.Id, null, 20, default)).Items;

        Assert.Equal(
            [
                "ann tenant.add team  UserId Limits",
                "bob tenant.change team  Limits:Streams Limits:Concurrency UserId name=squad",
                $"ann key.create squad key key={old.Fingerprint} Scopes",
                $"ann key.rotate squad key key={old.Fingerprint} key={key.Fingerprint} Scopes",
                $"ann key.change squad key key={key.Fingerprint} Expires",
                $"ann key.revoke squad key key={key.Fingerprint}",
                "ann pat.add squad pat pat=a7937b64b8ca",
                "ann pat.replace squad pat pat=a7937b64b8ca pat=16367aacb67a",
                "ann pat.remove squad pat pat=16367aacb67a",
                "ann tenant.remove squad  ",
            ],
            entries.Reverse().Select(entry => $"{entry.Actor} {entry.Action} {entry.TenantName} {entry.Target} {entry.Changed}"));
    }

    [Theory, EveryDatabase]
    public async Task List_InParts_HasTheLatestFirst(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        foreach (var number in Enumerable.Range(0, 5))
        {
            await test.AddTenantAsync($"team{number}");
        }

        var first = await test.Store.Audit.ListAsync(null, null, 3, default);
        var second = await test.Store.Audit.ListAsync(null, first.Next, 3, default);

        Assert.Equal(["team4", "team3", "team2"], first.Items.Select(entry => entry.TenantName));
        Assert.Equal(["team1", "team0"], second.Items.Select(entry => entry.TenantName));
        Assert.Null(second.Next);
        await Assert.ThrowsAsync<ArgumentException>(() => test.Store.Audit.ListAsync(null, "-1", 3, default));
    }

    [Theory]
    [EveryDatabase("UPDATE audit SET actor = 'nobody'")]
    [EveryDatabase("DELETE FROM audit")]
    [EveryDatabase("DELETE FROM audit WHERE id = 1")]
    public async Task Log_IsOnlyAddedTo(Database database, string statement)
    {
        await using var test = await TestStore.OpenAsync(database);
        await test.AddTenantAsync();

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => test.ExecuteAsync(statement));

        Assert.Contains("only added to", failure.Message, StringComparison.Ordinal);
        Assert.Equal("tests", Assert.Single((await test.Store.Audit.ListAsync(null, null, 10, default)).Items).Actor);
    }

    [Fact]
    public async Task Log_CannotBeEmptied_InPostgreSql()
    {
        await using var test = await TestStore.OpenAsync(Database.PostgreSql);
        await test.AddTenantAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => test.ExecuteAsync("TRUNCATE audit"));
    }

    [Theory, EveryDatabase]
    public async Task Change_ThatFails_LeavesNothing(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var revision = (await test.Store.Definitions.LoadAsync(default)).Revision;

        await test.Tenants.ChangeAsync(Guid.NewGuid(), null, null, "{}", TestStore.Actor, default);
        await Assert.ThrowsAsync<InvalidOperationException>(() => test.Store.IdempotentChanges.RunAsync("id", "hash", async definitions =>
        {
            await definitions.Tenants.AddAsync("team", "{}", TestStore.Actor, default);
            throw new InvalidOperationException();
        }, default));

        Assert.Empty((await test.Store.Audit.ListAsync(null, null, 10, default)).Items);
        Assert.Null(await test.Tenants.GetAsync("team", default));
        Assert.Equal(revision, (await test.Store.Definitions.LoadAsync(default)).Revision);
    }
}
