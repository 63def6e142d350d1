using Gateway.Store.Databases;
using Microsoft.Data.Sqlite;

namespace Gateway.Store.Tests;

/// <summary>Failures as SQLite itself makes them; those that a full or read-only disk makes have the same codes.</summary>
public class SqliteFaultsTests
{
    [Theory]
    [InlineData("PRAGMA query_only = 1; CREATE TABLE t (a)", StoreFault.ReadOnly, true)]
    [InlineData("PRAGMA max_page_count = 10; CREATE TABLE t (a); INSERT INTO t VALUES (zeroblob(1000000))", StoreFault.Full, true)]
    [InlineData("SELECT canary FROM canary", StoreFault.Failed, false)]
    public async Task Failure_IsTold_ByItsCode(string statement, StoreFault fault, bool isTransient)
    {
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        foreach (var setting in statement.Split("; ")[..^1])
        {
            command.CommandText = setting;
            await command.ExecuteScalarAsync();
        }

        command.CommandText = statement.Split("; ")[^1];

        var told = SqliteFaults.Of(await Assert.ThrowsAsync<SqliteException>(() => command.ExecuteNonQueryAsync()))!;

        Assert.Equal((fault, isTransient), (told.Fault, told.IsTransient));
        Assert.DoesNotContain("canary", told.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writer_ThatTakesTooLong_IsSaidToBe_AndNothingIsDone()
    {
        await using var test = await TestStore.OpenAsync(Database.Sqlite);
        await using var connection = new SqliteConnection($"Data Source={test.Path};Pooling=False");
        await connection.OpenAsync();
        await using (connection.BeginTransaction())
        {
            var failure = await Assert.ThrowsAsync<StoreException>(() => test.AddTenantAsync());
            Assert.Equal((StoreFault.Busy, true), (failure.Fault, failure.IsTransient));
            Assert.Empty((await test.Store.Definitions.LoadAsync(default)).Tenants); // readers do not wait
        }

        await test.AddTenantAsync();
    }
}
