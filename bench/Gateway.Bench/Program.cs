using System.Globalization;
using Gateway.Bench;
using Gateway.Bench.Batching;
using Gateway.Bench.Capacity;
using Gateway.Bench.Checks;
using Gateway.Bench.Fleet;
using Gateway.Bench.Memory;
using Gateway.Bench.OpenAi;
using Gateway.Bench.Peers;
using Gateway.Bench.Start;
using Gateway.Bench.Streams;
using Gateway.Bench.Workloads;

// Exit code 1 when a check failed, 2 for options that cannot be read.
try
{
    return await RunAsync(args);
}
catch (UsageException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}

static async Task<int> RunAsync(string[] args)
{
    // "null WORKLOAD UPSTREAM" and "typed WORKLOAD UPSTREAM" are the peers, started by the bench itself.
    switch (args)
    {
        case ["null", var workload, var upstream, .. var rest]:
            await NullGateway.RunAsync(rest, new Uri(upstream), Workload.Named(workload));
            break;
        case ["typed", _, var upstream, .. var rest]:
            await TypedGateway.RunAsync(rest, new Uri(upstream));
            break;
        case ["streams", .. var rest]:
            await new StreamBench(rest is [var count] ? int.Parse(count, CultureInfo.InvariantCulture) : 5000).RunAsync(Console.Out);
            break;
        case ["openai", .. var rest]:
            await new OpenAiBench(rest is [var seconds, ..] ? int.Parse(seconds, CultureInfo.InvariantCulture) : 4, rest is [_, "--against", var folder] ? folder : null)
                .RunAsync(Console.Out);
            break;
        case ["batching", .. var rest]:
            await new BatchingBench(rest is [var length] ? int.Parse(length, CultureInfo.InvariantCulture) : 20).RunAsync(Console.Out);
            break;
        case ["peaks"]:
            await PeakBench.RunAsync(Console.Out);
            break;
        case ["pressure", .. var rest]:
            await new PressureBench(rest is [var time, ..] ? int.Parse(time, CultureInfo.InvariantCulture) : 10, rest is [_, var faces] ? faces : "").RunAsync(Console.Out);
            break;
        case ["fleet", .. var rest]:
            await new FleetBench(rest is [var duration] ? int.Parse(duration, CultureInfo.InvariantCulture) : 30).RunAsync(Console.Out);
            break;
        case ["capacity", .. var rest]:
            var requests = Workload.Named(rest is [var named, ..] ? named : "W1");
            await new CapacityBench(requests, rest is [_, var runs] ? int.Parse(runs, CultureInfo.InvariantCulture) : 10).RunAsync(Console.Out);
            break;
        case ["start", .. var rest]:
            await new StartBench(StartOptions.Parse(rest)).RunAsync(Console.Out);
            break;
        default:
            var options = BenchOptions.Parse(args);
            if (options.IsCheck)
            {
                return await new RegressionCheck(options).RunAsync(Console.Out) ? 0 : 1;
            }

            await new Bench(options).RunAsync(Console.Out);
            break;
    }

    return 0;
}
