using System.Text;
using System.Text.Json;
using Gateway.Testing;

namespace Gateway.Store.Tests;

/// <summary>Nothing that is secret lies anywhere in the open.</summary>
public class SecretsTests
{
    private const string Pat = "pat-canary-0123456789";
    private const string Answer = "cgw_canary-9876543210";

    [Theory, EveryDatabase]
    public async Task Secrets_AreNowhere_InWhatTheDatabaseKeeps(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var tenant = await test.AddTenantAsync("marker-of-a-name");
        await test.Pats.SetAsync(tenant.Id, "pat", new SecretText(Pat), null, TestStore.Actor, default);
        await test.Store.IdempotentChanges.RunAsync("id", "hash", _ => Task.FromResult(new SecretText(Answer)), default);
        var masterKey = (await File.ReadAllTextAsync(test.MasterKeyFile)).Trim();

        var kept = await KeptAsync(test);

        Assert.True(Holds(kept, Encoding.UTF8.GetBytes("marker-of-a-name")));
        foreach (var secret in new[] { Pat, Answer, masterKey })
        {
            var bytes = Encoding.UTF8.GetBytes(secret);
            Assert.False(Holds(kept, bytes), secret);
            Assert.False(Holds(kept, Encoding.Unicode.GetBytes(secret)), secret);
            Assert.False(Holds(kept, Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes)[..16])), secret);
            Assert.False(Holds(kept, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes))), secret);
        }

        Assert.False(Holds(kept, Convert.FromBase64String(masterKey)));
        // The ring's own form, were it not encrypted.
        Assert.False(Holds(kept, "masterKey"u8) || Holds(kept, "<key"u8) || Holds(kept, Encoding.ASCII.GetBytes(Convert.ToHexStringLower("masterKey"u8))));
    }

    [Theory, EveryDatabase]
    public async Task Secrets_DoNotPrint(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var tenant = await test.AddTenantAsync();
        await test.Pats.SetAsync(tenant.Id, "pat", new SecretText(Pat), null, TestStore.Actor, default);
        var all = await test.Store.Definitions.LoadAsync(default);
        var pat = all.Tenants.Single().Pats.Single();
        Assert.Equal(Pat, pat.Token!.Reveal());

        string[] prints =
        [
            $"{pat}", $"{pat.Token}", $"{all}", JsonSerializer.Serialize(all), JsonSerializer.Serialize(pat.Token), $"{test.Connection}",
            JsonSerializer.Serialize((await test.Store.Audit.ListAsync(null, null, 10, default)).Items),
        ];

        Assert.All(prints, print => Assert.DoesNotContain("canary", print, StringComparison.Ordinal));
    }

    [Theory]
    [EveryDatabase("DROP TABLE pats")]
    [EveryDatabase("DROP TABLE audit")]
    [EveryDatabase("ALTER TABLE pats RENAME COLUMN ciphertext TO other")]
    public async Task Failure_OfTheDatabase_TellsNoSecret(Database database, string damage)
    {
        await using var test = await TestStore.OpenAsync(database);
        var tenant = await test.AddTenantAsync();
        await test.ExecuteAsync(damage);

        var failure = await Assert.ThrowsAsync<StoreException>(() =>
            test.Pats.SetAsync(tenant.Id, "pat", new SecretText(Pat), null, "actor-canary", default));

        Assert.Equal(StoreFault.Failed, failure.Fault);
        Assert.DoesNotContain("canary", failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("not-a-secret", failure.ToString(), StringComparison.Ordinal);
    }

    // The files as they are while the store is open, its log not yet in the database; and a dump.
    private static async Task<byte[]> KeptAsync(TestStore test)
    {
        if (test.ConnectionString is not null)
        {
            return Encoding.UTF8.GetBytes(await (await PostgreSqlServer.SharedAsync()).DumpAsync(test.DatabaseName));
        }

        using var kept = new MemoryStream();
        foreach (var path in new[] { test.Path, test.Path + "-wal", test.Path + "-shm" })
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            await file.CopyToAsync(kept);
        }

        return kept.ToArray();
    }

    private static bool Holds(byte[] kept, ReadOnlySpan<byte> text) => kept.AsSpan().IndexOf(text) >= 0;
}
