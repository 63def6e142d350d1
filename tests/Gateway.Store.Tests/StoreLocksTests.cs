namespace Gateway.Store.Tests;

public class StoreLocksTests
{
    [Theory, EveryDatabase]
    public async Task Lock_IsOnes_UntilItIsGivenBack(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);
        var another = await test.OpenAnotherAsync();

        var held = await test.Store.Locks.TryTakeAsync("scan", default);
        Assert.NotNull(held);
        Assert.Null(await another.Locks.TryTakeAsync("scan", default));
        Assert.Null(await test.Store.Locks.TryTakeAsync("scan", default));
        await using var other = await another.Locks.TryTakeAsync("other", default);
        Assert.NotNull(other);
        Assert.False(held.Lost.IsCancellationRequested);

        await held.DisposeAsync();
        await using var next = await another.Locks.TryTakeAsync("scan", default);
        Assert.NotNull(next);
    }

    [Theory, EveryDatabase]
    public async Task Lock_OfManyAtOnce_IsOnes(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);

        var taken = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => test.Store.Locks.TryTakeAsync("scan", default))));

        await Assert.Single(taken, held => held is not null)!.DisposeAsync();
    }

    [Fact]
    public async Task Lock_OfAConnectionThatEnds_IsLost_AndFree()
    {
        await using var test = await TestStore.OpenAsync(Database.PostgreSql);
        await using var held = await test.Store.Locks.TryTakeAsync("scan", default);
        var lost = new TaskCompletionSource();
        using var registration = held!.Lost.Register(lost.SetResult);

        await test.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = "
            + "(SELECT oid FROM pg_database WHERE datname = current_database())");

        await lost.Task.WaitAsync(TimeSpan.FromMinutes(1));
        await using var next = await test.Store.Locks.TryTakeAsync("scan", default);
        Assert.NotNull(next);
    }

    [Theory, EveryDatabase]
    public async Task Name_ThatIsNoFiles_IsRefused(Database database)
    {
        await using var test = await TestStore.OpenAsync(database);

        foreach (var name in new[] { "", "../x", "A", "_open" })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => test.Store.Locks.TryTakeAsync(name, default));
        }
    }
}
