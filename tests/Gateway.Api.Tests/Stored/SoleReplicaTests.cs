using System.Diagnostics.Metrics;
using Gateway.Api.Configuration;
using Gateway.Api.Stored;
using Gateway.Store;
using Gateway.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Tests.Stored;

/// <summary>What is to be done once is done by one replica, and by another one when that is gone.</summary>
public sealed class SoleReplicaTests
{
    private static readonly StoreTelemetry Telemetry = new(new RecordedMeters().Create(new MeterOptions("Gateway")));

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task Work_OfTwoReplicas_IsDoneByOne_ThenByTheOther(string database)
    {
        await using var fixture = database == "SQLite" ? await StoreFixture.SqliteAsync() : await StoreFixture.PostgreSqlAsync();
        await using var first = await Replica.StartAsync(fixture);
        await Eventually.IsAsync(() => first.IsWorking);
        await using var second = await Replica.StartAsync(fixture);
        await second.HasTriedAsync();
        Assert.Equal((true, false), (first.IsWorking, second.IsWorking));

        await first.StopAsync();

        await Eventually.IsAsync(() => second.IsWorking);
        Assert.False(first.IsWorking);
    }

    [Fact]
    public async Task Work_WithoutAStore_IsDone()
    {
        var access = new TenantStoreAccess(Options.Create(new GatewayOptions()), Telemetry, TimeProvider.System, NullLogger<TenantStoreAccess>.Instance);
        var isDone = false;

        await new SoleReplica(access, TimeProvider.System, NullLogger<SoleReplica>.Instance).RunAsync(
            "scans",
            _ =>
            {
                isDone = true;
                return Task.CompletedTask;
            },
            CancellationToken.None);

        Assert.True(isDone);
    }

    private sealed class Replica : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly ManualTimeProvider _time = new();
        private readonly TenantStoreAccess _access;
        private Task _run = Task.CompletedTask;

        private Replica(TenantStoreAccess access) => _access = access;

        public bool IsWorking { get; private set; }

        public static async Task<Replica> StartAsync(StoreFixture fixture)
        {
            var access = new TenantStoreAccess(Options.Create(fixture.Options), Telemetry, TimeProvider.System, NullLogger<TenantStoreAccess>.Instance);
            await access.StartAsync(CancellationToken.None);
            var replica = new Replica(access);
            replica._run = new SoleReplica(access, replica._time, NullLogger<SoleReplica>.Instance).RunAsync(
                "scans", replica.WorkAsync, replica._stop.Token);
            return replica;
        }

        /// <summary>Waits until it has asked for the lock, and waits to ask again; from then on it asks all the time.</summary>
        public async Task HasTriedAsync()
        {
            await _time.NextTimerAsync();
            _ = AskOnAsync();
        }

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await _run;
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            await _access.DisposeAsync();
            _stop.Dispose();
        }

        private async Task AskOnAsync()
        {
            while (!_run.IsCompleted)
            {
                _time.Advance(TimeSpan.FromSeconds(5));
                await Task.Delay(20);
            }
        }

        private async Task WorkAsync(CancellationToken end)
        {
            IsWorking = true;
            await Task.Delay(Timeout.Infinite, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            IsWorking = false;
        }
    }
}
