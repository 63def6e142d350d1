using System.Globalization;
using Gateway.Bench.Peers;
using Gateway.Bench.Workloads;

namespace Gateway.Bench.Capacity;

/// <summary>
/// Whether the model of docs/capacity.md holds: measures a gateway that never rests, and one that has little to do, says from that what one, two
/// and four times a load takes of the processor and of time, then sends these loads at an open rate and puts what is measured beside it.
/// </summary>
internal sealed class CapacityBench(Workload workload, int seconds)
{
    private const int Core = 0;

    // What the load is of all that the core could do: four times that, and waking up, leave it half.
    private const double Part = 0.08;

    // What runs often is compiled meanwhile, on the same core: there are rounds until one takes hardly less than the one before.
    private const double Settled = 0.03;
    private const int MaxRounds = 10;

    private readonly TimeSpan _time = TimeSpan.FromSeconds(seconds);

    /// <summary>Runs it.</summary>
    public async Task RunAsync(TextWriter output)
    {
        await using var upstream = await RecordingUpstream.StartAsync();
        upstream.Serve(workload);
        await using var gateway = await PeerProcess.StartAsync(Peer.Gateway, workload.Name, upstream.Address, Core);
        using var load = new OpenLoad(gateway.Address, workload);
        var saturated = await SettleAsync();
        var perSecond = Part / saturated.PerRequest.TotalSeconds;
        var low = await MeasureAsync(() => load.RunAsync(perSecond / 2, _time));
        var model = CapacityModel.Of(saturated, low);

        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{workload.Name}: {model.Busy.TotalMicroseconds:N1} CPU µs a request, {model.Waking.TotalMicroseconds:N1} more at rest."));
        await output.WriteLineAsync();
        await output.WriteLineAsync("| load | requests/s | cores, predicted | measured | | p50 ms, predicted | measured | p99 ms, predicted | measured |");
        await output.WriteLineAsync("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var times in (int[])[1, 2, 4])
        {
            var measured = await MeasureAsync(() => load.RunAsync(times * perSecond, _time));
            var cores = model.Cores(measured.Load.PerSecond);
            var (predicted, actual) = (model.Latencies(measured.Load), measured.Load.Latencies);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"| {times}× | {measured.Load.PerSecond:N0} | {cores:N2} | {measured.Cores:N2} | {(measured.Cores / cores) - 1:+0 %;−0 %} | {Quantile(predicted, 0.5)} | {Quantile(actual, 0.5)} | {Quantile(predicted, 0.99)} | {Quantile(actual, 0.99)} |"));
        }

        async Task<Measured> SettleAsync()
        {
            var last = await MeasureAsync(() => load.SaturateAsync(_time));
            for (var round = 1; round < MaxRounds; round++)
            {
                var before = last;
                last = await MeasureAsync(() => load.SaturateAsync(_time));
                if (last.PerRequest > before.PerRequest * (1 - Settled))
                {
                    break;
                }
            }

            return last;
        }

        async Task<Measured> MeasureAsync(Func<Task<OpenLoadResult>> run)
        {
            var before = gateway.Cpu;
            var result = await run();
            return new Measured(result, gateway.Cpu - before);
        }
    }

    private static string Quantile(IReadOnlyList<TimeSpan> latencies, double part) =>
        OpenLoadResult.Quantile(latencies, part).ToString("N2", CultureInfo.InvariantCulture);
}
