using System.Threading.Channels;
using Gateway.Testing;
using Npgsql;

namespace Gateway.Store.Tests;

public class StoreChangesTests
{
    [Theory, EveryDatabase]
    public async Task Change_ByAnother_IsTold(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var another = await test.OpenAnotherAsync();
        await using var watch = new Watch(test.Store, 0);

        for (var number = 1; number <= 5; number++)
        {
            await another.Definitions.Tenants.AddAsync($"team{number}", "{}", TestStore.Actor, default);
            Assert.Equal(number, await watch.NextAsync());
        }

        await test.AddTenantAsync("own");
        Assert.Equal(6, await watch.NextAsync());
    }

    [Theory, EveryDatabase]
    public async Task Change_BeforeTheWatch_IsTold_UnlessItIsKnown(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        await test.AddTenantAsync("team");
        await using var behind = new Watch(test.Store, 0);
        await using var current = new Watch(test.Store, 1);

        Assert.Equal(1, await behind.NextAsync());
        await test.AddTenantAsync("squad");
        Assert.Equal(2, await behind.NextAsync());
        Assert.Equal(2, await current.NextAsync());
    }

    /// <summary>Where notifications do not come through, as behind a pooler of transactions.</summary>
    [Fact]
    public async Task Change_ThatNobodyTells_IsSeen()
    {
        await using var test = await TestStore.OpenAsync(Database.PostgreSql);
        await using var watch = new Watch(test.Store, 0);

        await test.ExecuteAsync("UPDATE change_signal SET revision = 7");

        Assert.Equal(7, await watch.NextAsync());
    }

    /// <summary>The look each second would hide that nothing is told.</summary>
    [Fact]
    public async Task Change_IsTold_ByPostgreSqlItself()
    {
        await using var test = await TestStore.OpenAsync(Database.PostgreSql);
        await using var connection = new NpgsqlConnection(test.ConnectionString);
        await connection.OpenAsync();
        await using var listen = new NpgsqlCommand("LISTEN gateway_changes", connection);
        await listen.ExecuteNonQueryAsync();

        await test.AddTenantAsync();

        Assert.True(await connection.WaitAsync(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task Watch_OutlivesPostgreSql()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await using var test = await TestStore.OpenAsync(Database.PostgreSql, server);
        await using var watch = new Watch(test.Store, 0);
        await test.AddTenantAsync("before");
        Assert.Equal(1, await watch.NextAsync());

        await server.StopAsync();
        await Eventually.IsAsync(() => Task.FromResult(test.Store.Changes.Failure is not null));
        Assert.Equal(StoreFault.Unreachable, test.Store.Changes.Failure!.Fault);
        await server.RestartAsync();

        await Eventually.IsAsync(() => Task.FromResult(test.Store.Changes.Failure is null));
        await test.AddTenantAsync("after");
        Assert.Equal(2, await watch.NextAsync());
    }

    /// <summary>The revisions that a watcher is told.</summary>
    private sealed class Watch : IAsyncDisposable
    {
        private readonly Channel<long> _told = Channel.CreateUnbounded<long>();
        private readonly CancellationTokenSource _end = new();
        private readonly Task _watching;

        public Watch(GatewayStore store, long known) => _watching = RunAsync(store, known);

        public Task<long> NextAsync() => _told.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1));

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _watching);
            _end.Dispose();
        }

        private async Task RunAsync(GatewayStore store, long known)
        {
            await foreach (var revision in store.Changes.WatchAsync(known, _end.Token))
            {
                await _told.Writer.WriteAsync(revision);
            }
        }
    }
}
