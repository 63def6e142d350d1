using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Store.Model;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Store.Tests;

[UnsupportedOSPlatform("windows")]
public class StoreOpeningTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Replicas that start together on an empty database make one set of tables, and one ring of keys.</summary>
    [Theory, EveryDatabase]
    public async Task Open_ByTenAtOnce_Works_AndAllReadEachOthersSecrets(Database database)
    {
        await using var test = await TestStore.EmptyAsync(database);

        var stores = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => test.OpenAnotherAsync())));

        foreach (var (number, store) in stores.Index())
        {
            var tenant = (await store.Definitions.Tenants.AddAsync($"team{number}", "{}", TestStore.Actor, default)).Value!;
            await store.Definitions.Pats.SetAsync(tenant.Id, "pat", new SecretText($"token{number}"), null, TestStore.Actor, default);
        }

        foreach (var store in stores)
        {
            var pats = (await store.Definitions.LoadAsync(default)).Tenants.SelectMany(tenant => tenant.Pats);
            Assert.Equal(Enumerable.Range(0, 10).Select(number => $"token{number}"), pats.Select(pat => pat.Token?.Reveal()).Order());
        }

        Assert.Equal(["1"], await test.QueryAsync("SELECT count(*) FROM protection_keys"));
    }

    [Fact]
    public void Migrations_HaveAllThatTheModelHas()
    {
        using StoreContext sqlite = new SqliteDesignFactory().CreateDbContext([]), postgreSql = new PostgreSqlDesignFactory().CreateDbContext([]);

        Assert.All([sqlite, postgreSql], context => Assert.False(context.Database.HasPendingModelChanges()));
        Assert.All([sqlite, postgreSql], context => Assert.NotEmpty(context.Database.GetMigrations()));
    }

    [Theory, EveryDatabase]
    public async Task Store_OfALaterVersion_IsRefused(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        await test.ExecuteAsync("""INSERT INTO "__EFMigrationsHistory" VALUES ('29990101000000_Later', '99.0.0')""");

        await FailsAsync(test.Connection, StoreFault.NewerSchema);
    }

    /// <summary>A process that was killed while it migrated leaves EF Core's lock behind, which everybody would wait for.</summary>
    [Fact]
    public async Task Migration_AfterOneThatWasKilled_GoesOn()
    {
        await using var test = await TestStore.EmptyAsync(Database.Sqlite);
        await test.ExecuteAsync("""
            CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL);
            INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01 00:00:00+00:00');
            """);

        await test.OpenAnotherAsync();

        Assert.Empty((await test.Store.Definitions.LoadAsync(default)).Tenants);
    }

    [Fact]
    public async Task Files_AreTheOwnersAlone()
    {
        await using var test = await TestStore.OpenAsync(Database.Sqlite);
        await test.AddTenantAsync();
        await using var held = await test.Store.Locks.TryTakeAsync("scan", default);

        var files = Directory.GetFiles(test.Folder).Select(file => Path.GetFileName(file)).Order();

        Assert.Equal(
            ["gateway.db", "gateway.db-shm", "gateway.db-wal", "gateway.db._open.lock", "gateway.db.scan.lock", "gateway.key"], files);
        Assert.All(Directory.GetFiles(test.Folder), file => Assert.Equal(OwnerOnly, File.GetUnixFileMode(file)));
    }

    [Theory, EveryDatabase]
    public async Task MasterKey_ThatIsMissing_IsNotMadeAnew(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        File.Delete(test.MasterKeyFile);

        await FailsAsync(test.Connection, StoreFault.MasterKeyMissing, "Gateway:Store:MasterKeyFile");

        Assert.False(File.Exists(test.MasterKeyFile));
    }

    [Theory, EveryDatabase]
    public async Task MasterKey_OfAnotherStore_IsRefused_AndChangesNothing(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        await using var other = await TestStore.OpenAsync(database);

        await FailsAsync(With(test, other.MasterKeyFile), StoreFault.MasterKeyWrong, "Gateway:Store:MasterKeyFile");

        Assert.Equal(["1"], await test.QueryAsync("SELECT count(*) FROM protection_keys"));
        await test.OpenAnotherAsync();
    }

    [Theory]
    [EveryDatabase("")]
    [EveryDatabase("not base64")]
    [EveryDatabase("AAAA")]
    [EveryDatabase("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task MasterKey_ThatIsNone_IsRefused(Database database, string content)
    {
        await using var test = await TestStore.EmptyAsync(database);
        await File.WriteAllTextAsync(test.MasterKeyFile, content);
        File.SetUnixFileMode(test.MasterKeyFile, OwnerOnly);

        await FailsAsync(test.Connection, StoreFault.MasterKeyWrong, "Gateway:Store:MasterKeyFile");
    }

    [Theory]
    [EveryDatabase(UnixFileMode.OtherRead)]
    [EveryDatabase(UnixFileMode.OtherWrite)]
    [EveryDatabase(UnixFileMode.GroupWrite)]
    public async Task MasterKey_ThatOthersReach_IsRefused(Database database, UnixFileMode more)
    {
        await using var test = await TestStore.OpenAsync(database);
        File.SetUnixFileMode(test.MasterKeyFile, OwnerOnly | more);
        await FailsAsync(test.Connection, StoreFault.MasterKeyExposed, "0600");

        // As Kubernetes mounts a secret for a group.
        File.SetUnixFileMode(test.MasterKeyFile, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        await test.OpenAnotherAsync();
    }

    [Theory, EveryDatabase]
    public async Task MasterKey_ThatWasMadeByHand_IsTaken(Database database)
    {
        await using var test = await TestStore.EmptyAsync(database);
        await File.WriteAllTextAsync(test.MasterKeyFile, $" {Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}\r\n");
        File.SetUnixFileMode(test.MasterKeyFile, OwnerOnly);

        await test.OpenAnotherAsync();
        await test.OpenAnotherAsync();
    }

    [Theory, EveryDatabase]
    public async Task Certificate_EncryptsInPlaceOfAMasterKey(Database database)
    {
        await using var test = await TestStore.EmptyAsync(database);
        var certificate = Certificate(test, "own", RSA.Create(2048));
        var other = Certificate(test, "other", RSA.Create(2048));

        var store = await test.OpenAnotherAsync(certificate);
        var tenant = await test.AddTenantAsync();
        await store.Definitions.Pats.SetAsync(tenant.Id, "pat", new SecretText("token"), null, TestStore.Actor, default);
        var another = await test.OpenAnotherAsync(certificate);

        Assert.Equal("token", (await another.Definitions.LoadAsync(default)).Tenants.Single().Pats.Single().Token!.Reveal());
        Assert.False(File.Exists(test.MasterKeyFile));
        await FailsAsync(other, StoreFault.MasterKeyWrong, "CertificateFile");
        await FailsAsync(Certificate(test, "ec", ECDsa.Create()), StoreFault.MasterKeyWrong, "CertificateFile");
        File.Delete(certificate.CertificateKeyFile!);
        await FailsAsync(certificate, StoreFault.MasterKeyMissing, "CertificateFile");
    }

    /// <summary>Who can write to the store, and has what is public of the certificate, cannot put a key of their own into the ring.</summary>
    [Theory, EveryDatabase]
    public async Task Ring_ThatWasChanged_IsRefused(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        await test.ExecuteAsync(database == Database.Sqlite
            ? "UPDATE protection_keys SET ciphertext = CAST(substr(ciphertext, 1, length(ciphertext) - 1) || X'00' AS BLOB)"
            : "UPDATE protection_keys SET ciphertext = set_byte(ciphertext, 40, get_byte(ciphertext, 40) # 1)");

        await FailsAsync(test.Connection, StoreFault.MasterKeyWrong);
    }

    [Theory, EveryDatabase]
    public async Task Connection_ThatSaysTooLittle_IsRefused(Database database)
    {
        await using var test = await TestStore.EmptyAsync(database);

        await FailsAsync(new StoreConnection { MasterKeyFile = test.MasterKeyFile }, StoreFault.Misconfigured, "Gateway:Store:Path");
        await FailsAsync(
            new StoreConnection { Path = test.Path, ConnectionString = test.ConnectionString }, StoreFault.Misconfigured, "Gateway:Store:MasterKeyFile");
    }

    [Fact]
    public async Task SqliteFile_ThatCannotBe_IsRefused()
    {
        await using var test = await TestStore.EmptyAsync(Database.Sqlite);
        await File.WriteAllTextAsync(test.Path, new string('x', 8192));
        await FailsAsync(test.Connection, StoreFault.Damaged, "Gateway:Store:Path");

        var elsewhere = new StoreConnection { Path = Path.Combine(test.Folder, "none", "gateway.db"), MasterKeyFile = test.MasterKeyFile };
        await FailsAsync(elsewhere, StoreFault.Misconfigured, "Gateway:Store:Path");

        var folder = new StoreConnection { Path = test.Folder + "/folder", MasterKeyFile = test.MasterKeyFile };
        Directory.CreateDirectory(folder.Path);
        await FailsAsync(folder, StoreFault.Failed, "Gateway:Store:Path");
    }

    [Theory]
    [InlineData("Password=wrong-canary", StoreFault.Refused)]
    [InlineData("Username=nobody-canary", StoreFault.Refused)]
    [InlineData("Database=none-canary", StoreFault.Misconfigured)]
    [InlineData("Host=/nowhere-canary", StoreFault.Unreachable)]
    [InlineData("Host=127.0.0.1;Port=1", StoreFault.Unreachable)]
    [InlineData("Search Path=canary", StoreFault.Misconfigured)]
    [InlineData("Nonsense=canary", StoreFault.Misconfigured)]
    [InlineData("Port=canary", StoreFault.Misconfigured)]
    [InlineData("canary", StoreFault.Misconfigured)]
    public async Task PostgreSql_ThatCannotBe_IsRefused_WithoutItsConnectionString(string change, StoreFault fault)
    {
        await using var test = await TestStore.EmptyAsync(Database.PostgreSql);

        var connection = new StoreConnection { ConnectionString = $"{test.ConnectionString};{change}", MasterKeyFile = test.MasterKeyFile };
        var failure = await FailsAsync(connection, fault, "Gateway:Store:ConnectionString");

        Assert.DoesNotContain("canary", failure.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("not-a-secret", failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("canary", connection.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PostgreSql_ThatCanOnlyBeRead_IsSaidToBe()
    {
        await using var test = await TestStore.OpenAsync(Database.PostgreSql);
        await test.ExecuteAsync($"ALTER DATABASE {test.DatabaseName} SET default_transaction_read_only = on");
        await test.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        test.Store.ForgetConnections();

        var failure = await Assert.ThrowsAsync<StoreException>(() => test.AddTenantAsync());

        Assert.Equal((StoreFault.ReadOnly, true), (failure.Fault, failure.IsTransient));
        Assert.Empty((await test.Store.Definitions.LoadAsync(default)).Tenants);
    }

    private static StoreConnection With(TestStore test, string masterKeyFile) =>
        new() { Path = test.Path, ConnectionString = test.ConnectionString, MasterKeyFile = masterKeyFile };

    private static StoreConnection Certificate(TestStore test, string name, AsymmetricAlgorithm key)
    {
        var subject = new X500DistinguishedName($"CN={name}");
        var request = key is RSA rsa
            ? new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(subject, (ECDsa)key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        var (certificateFile, keyFile) = (Path.Combine(test.Folder, $"{name}.pem"), Path.Combine(test.Folder, $"{name}.key.pem"));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        key.Dispose();
        return new StoreConnection
        {
            Path = test.Path,
            ConnectionString = test.ConnectionString,
            CertificateFile = certificateFile,
            CertificateKeyFile = keyFile,
        };
    }

    private static async Task<StoreException> FailsAsync(StoreConnection connection, StoreFault fault, string says = "")
    {
        var failure = await Assert.ThrowsAsync<StoreException>(() => GatewayStore.OpenAsync(connection, TimeProvider.System, default));
        Assert.Equal(fault, failure.Fault);
        Assert.Contains(says, failure.Message, StringComparison.Ordinal);
        return failure;
    }
}
