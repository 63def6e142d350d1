using System.Globalization;
using Gateway.Bench.Peers;
using Gateway.Testing;

namespace Gateway.Bench.Fleet;

/// <summary>
/// Two replicas on one PostgreSQL, a limit of 100 requests a second for both, and five times as many requests: how many are admitted, what it
/// asks of the store, and what becomes of it while the store is down.
/// </summary>
internal sealed class FleetBench(int seconds)
{
    private const int Limit = 100;
    private const int Overload = 5;
    private const int Core = 0;

    /// <summary>Runs it.</summary>
    public async Task RunAsync(TextWriter output)
    {
        await using var upstream = await RecordingUpstream.StartAsync();
        await using var database = await PostgreSqlServer.StartAsync();
        var folder = Directory.CreateTempSubdirectory("fleet-");
        var peer = Replica(await database.CreateDatabaseAsync(), Path.Combine(folder.FullName, "master.key"));
        await using var one = await PeerProcess.StartAsync(peer, "", upstream.Address, Core);
        await using var other = await PeerProcess.StartAsync(peer, "", upstream.Address, Core);
        using var load = new FleetLoad([one.Address, other.Address], Limit * Overload);
        await load.RunAsync(TimeSpan.FromSeconds(5)); // until what runs often is compiled
        await Task.Delay(TimeSpan.FromSeconds(3)); // until the limit is full again

        await output.WriteLineAsync("| | s | sent | admitted | of the limit | others | transactions/s of the store |");
        await output.WriteLineAsync("|---|--:|--:|--:|--:|--:|--:|");
        await MeasureAsync("overload", TimeSpan.FromSeconds(seconds));
        await database.StopAsync();
        await MeasureAsync("the store is down", TimeSpan.FromSeconds(seconds / 3.0));
        await database.RestartAsync();
        await MeasureAsync("the store is back", TimeSpan.FromSeconds(seconds / 3.0));
        folder.Delete(recursive: true);

        async Task MeasureAsync(string what, TimeSpan time)
        {
            var before = await TransactionsAsync(database);
            var sent = await load.RunAsync(time);
            var transactions = await TransactionsAsync(database) - before;
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"| {what} | {sent.Seconds:N1} | {sent.Sent} | {sent.Admitted} | {sent.Admitted / (Limit * sent.Seconds):P1} | {sent.Others} | {transactions / sent.Seconds:N1} |"));
        }
    }

    private static Peer Replica(string connectionString, string masterKey) => Peer.Gateway with
    {
        Environment = (address, upstream) =>
        [
            .. Peer.Gateway.Environment(address, upstream),
            ("Gateway__Store__ConnectionString", connectionString),
            ("Gateway__Store__MasterKeyFile", masterKey),
            ("Gateway__Tenants__bench__Limits__RequestsPerSecond", Limit.ToString(CultureInfo.InvariantCulture)),
        ],
    };

    // What the watchers of changes ask is in it. Not known while the server is down.
    private static async Task<long> TransactionsAsync(PostgreSqlServer database)
    {
        try
        {
            var text = await database.PsqlAsync("postgres", "SELECT sum(xact_commit + xact_rollback) FROM pg_stat_database WHERE datname LIKE 'store%'");
            return long.Parse(text.Trim(), CultureInfo.InvariantCulture);
        }
        catch (InvalidOperationException)
        {
            return 0;
        }
    }
}
