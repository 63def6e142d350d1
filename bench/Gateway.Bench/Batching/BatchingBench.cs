using System.Globalization;
using Gateway.Bench.Reports;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Credentials;

namespace Gateway.Bench.Batching;

/// <summary>
/// What requests that travel together are worth, by the gateway's own client against an account with a limit: many clients with one input each, together and
/// one by one, beside a proxy that does not pace and retries; and what they cost where nothing waits.
/// </summary>
/// <param name="seconds">How long each load lasts.</param>
internal sealed class BatchingBench(int seconds)
{
    private const int PerSecond = 15;
    private const int Clients = 200;
    private const int ClientsBelow = 16;
    private const int Rounds = 7;
    private const double NoLimit = 1e6;

    private static readonly CredentialPoolOptions Together = new() { MaxWait = TimeSpan.FromMinutes(5) };

    private static readonly CredentialPoolOptions Alone = Together with { Batching = null };

    private static readonly Pat Pat = new("the-token-of-the-bench");

    public async Task RunAsync(TextWriter output)
    {
        await output.WriteLineAsync($"""
            | {Clients} clients, one input each; {PerSecond} requests/s | predictions/s | × one by one | p50 ms | p99 ms | calls/s | refused with 11005 |
            |---|--:|--:|--:|--:|--:|--:|
            """);
        var alone = await LimitedAsync(output, "paced, one by one", Alone, baseline: null);
        await LimitedAsync(output, "paced, together", Together, alone);
        await LimitedAsync(output, "a proxy with retries", options: null, alone);
        await BelowTheLimitAsync(output);
    }

    // The first seconds warm up, and are not like the rest: turns have been saved.
    private async Task<double> LimitedAsync(TextWriter output, string name, CredentialPoolOptions? options, double? baseline)
    {
        await using var upstream = await AccountUpstream.StartAsync(PerSecond);
        using var pool = options is null ? null : new CredentialPool([new PatPace("one", Pat, PerSecond)], options, TimeProvider.System);
        await using var load = new BatchingLoad(upstream.Address, pool is null ? Pat : pool, Clients);
        await load.RunAsync(TimeSpan.FromSeconds(3));
        var before = upstream.Calls;
        var result = await load.RunAsync(TimeSpan.FromSeconds(seconds));
        var after = upstream.Calls;
        var rate = result.Latencies.Count / result.Elapsed.TotalSeconds;
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {rate:N1} | {rate / (baseline ?? rate):N1} | {result.At(0.5):N1} | {result.At(0.99):N1} | "
                + $"{(after.All - before.All) / result.Elapsed.TotalSeconds:N1} | {after.Refused - before.Refused} |"));
        return rate;
    }

    private static async Task BelowTheLimitAsync(TextWriter output)
    {
        await using var upstream = await AccountUpstream.StartAsync(int.MaxValue);
        using var together = new CredentialPool([new PatPace("one", Pat, NoLimit)], Together, TimeProvider.System);
        using var alone = new CredentialPool([new PatPace("one", Pat, NoLimit)], Alone, TimeProvider.System);
        (string Name, ICredentialSource Source, List<double> P50, List<double> Cpu)[] subjects =
            [("no pace", Pat, [], []), ("paced, one by one", alone, [], []), ("paced, together", together, [], [])];
        for (var round = 0; round <= Rounds; round++)
        {
            foreach (var (_, source, p50, cpu) in subjects)
            {
                await using var load = new BatchingLoad(upstream.Address, source, ClientsBelow);
                var before = Environment.CpuUsage.TotalTime;
                var result = await load.RunAsync(TimeSpan.FromSeconds(2));
                if (round > 0)
                {
                    cpu.Add((Environment.CpuUsage.TotalTime - before).TotalMicroseconds / result.Latencies.Count);
                    p50.Add(result.At(0.5));
                }
            }
        }

        await output.WriteLineAsync($"""

            | below the limit, {ClientsBelow} clients | p50 ms | in the rounds | CPU µs/request, upstream included | in the rounds |
            |---|--:|--:|--:|--:|
            """);
        foreach (var (name, _, p50, cpu) in subjects)
        {
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {Median.Of(p50):N3} | {p50.Min():N3} to {p50.Max():N3} | {Median.Of(cpu):N1} | {cpu.Min():N1} to {cpu.Max():N1} |"));
        }
    }
}
