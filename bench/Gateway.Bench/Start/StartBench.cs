using Gateway.Bench.Load;
using Gateway.Bench.Peers;
using Gateway.Bench.Reports;
using Gateway.Bench.Workloads;

namespace Gateway.Bench.Start;

/// <summary>
/// What published builds take on one core until they work as they will: the start, the first call of each face, the first seconds of load;
/// and what they hold when they have nothing to do. Builds take turns, and a process serves one face only.
/// </summary>
public sealed class StartBench(StartOptions options)
{
    private const int Seconds = 6;

    /// <summary>Until a process that has been asked something does nothing any more.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    /// <summary>Until what the start has left to be compiled is compiled, and does not count as the first call's.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(1);

    private readonly BuildTable _start = new("from the start to the first answer, CPU ms", "N0", options.Builds);
    private readonly BuildTable _rest = new("resident memory at rest, MB", "N1", options.Builds);
    private readonly BuildTable _calls = new("first call of a face, CPU ms", "N1", options.Builds);
    private readonly BuildTable _load = new("under load from the first second on, requests/s", "N0", options.Builds);

    public async Task RunAsync(TextWriter output)
    {
        await using var upstream = await RecordingUpstream.StartAsync();
        await using var sandbox = await SandboxUpstream.StartAsync();
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var build in options.Builds)
            {
                await StartAsync(build, "with an upstream", upstream.Address);
                await StartAsync(build, "with the sandbox", null);
                foreach (var call in FirstCall.All)
                {
                    await FirstCallAsync(build, call, sandbox.Address);
                }

                await LoadAsync(build, upstream.Address);
            }
        }

        foreach (var line in new[] { _start, _rest, _calls, _load }.SelectMany(table => table.Lines()))
        {
            await output.WriteLineAsync(line);
        }
    }

    private async Task StartAsync(Peer build, string row, Uri? upstream)
    {
        await using var gateway = await FreshGateway.StartAsync(build, upstream);
        await gateway.CallAsync(FirstCall.Rest);
        _start.Add(row, build, gateway.Cpu.TotalMilliseconds);
        await Task.Delay(Rest);
        _rest.Add(row, build, gateway.Memory / 1e6);
    }

    private async Task FirstCallAsync(Peer build, FirstCall call, Uri upstream)
    {
        await using var gateway = await FreshGateway.StartAsync(build, upstream);
        await gateway.CallAsync(FirstCall.Liveness);
        await Task.Delay(Settled);
        var before = gateway.Cpu;
        await gateway.CallAsync(call);
        _calls.Add(call.Face, build, (gateway.Cpu - before).TotalMilliseconds);
    }

    private async Task LoadAsync(Peer build, Uri upstream)
    {
        using var load = new LoadGenerator(Workload.Named("W1"));
        await using var gateway = await FreshGateway.StartAsync(build, upstream);
        for (var second = 1; second <= Seconds; second++)
        {
            var result = await load.RunAsync(gateway.Address, TimeSpan.FromSeconds(1));
            _load.Add($"second {second}", build, result.Requests / result.Elapsed.TotalSeconds);
        }
    }
}
