using System.Diagnostics;
using System.Globalization;
using Gateway.Bench.Peers;
using Gateway.Bench.Upstream;
using Gateway.Bench.Workloads;

namespace Gateway.Bench.Streams;

/// <summary>What long streams cost: the time that the gateway adds to the first event, how soon a client that leaves is noticed, and what an open stream holds.</summary>
public sealed class StreamBench(int streams)
{
    private const int PeerCore = 0;
    private const int Samples = 500;
    private const int WarmUpStreams = 100;
    private const int OpenedAtOnce = 250;
    private const int CountedIntervals = 6;
    private const int MaxIntervalsToQuiet = 24;
    private const int MinIntervalsToQuiet = 6;
    private const double QuietShare = 0.97;

    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(5);

    private static readonly Workload Workload = Workload.Named("W4");

    public async Task RunAsync(TextWriter output)
    {
        await using var upstream = await HeldUpstream.StartAsync();
        var peer = Peer.Gateway with
        {
            Environment = (address, target) =>
            [
                .. Peer.Gateway.Environment(address, target),
                ("Gateway__Streams__HeartbeatInterval", HeartbeatInterval.ToString()),
                ("Gateway__Streams__HeartbeatGrace", HeartbeatInterval.ToString()),
                ("Gateway__Streams__IdleTimeout", "01:00:00"),
                ("Gateway__Limits__MaxConnections", (2 * streams).ToString(CultureInfo.InvariantCulture)),
            ],
        };
        await using var gateway = await PeerProcess.StartAsync(peer, Workload.Name, upstream.Address, PeerCore);
        using var client = new StreamClient(gateway.Address);

        await FirstEventAsync(output, upstream, client);
        await OpenStreamsAsync(output, upstream, gateway, client);
    }

    /// <summary>One stream at a time, through the gateway and past it in turns.</summary>
    private static async Task FirstEventAsync(TextWriter output, HeldUpstream upstream, StreamClient client)
    {
        using var raw = new RawClient(upstream.Address, isForStreams: true);
        var direct = new double[Samples];
        var through = new double[Samples];
        var noticed = new double[Samples];
        for (var i = -WarmUpStreams; i < Samples; i++)
        {
            var directly = await DirectAsync(raw, upstream);
            var asked = Stopwatch.GetTimestamp();
            var stream = await client.OpenAsync(default);
            var first = Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
            var left = Stopwatch.GetTimestamp();
            stream.Dispose();
            var cancelled = Stopwatch.GetElapsedTime(left, await upstream.Cancellations.ReadAsync()).TotalMilliseconds;
            if (i >= 0)
            {
                (direct[i], through[i], noticed[i]) = (directly, first, cancelled);
            }
        }

        await output.WriteLineAsync($"""
            | one stream at a time, {Samples} of them | p50 ms | p99 ms |
            |---|--:|--:|
            {Line("first event, gRPC without the gateway", direct)}
            {Line("first event, SSE through the gateway", through)}
            {Line("client leaves → the upstream call is cancelled", noticed)}

            """);
    }

    private static async Task<double> DirectAsync(RawClient client, HeldUpstream upstream)
    {
        var asked = Stopwatch.GetTimestamp();
        double elapsed;
        using (var stream = client.Stream(Workload.Wire, default))
        {
            await stream.ResponseStream.MoveNext(CancellationToken.None);
            elapsed = Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
        }

        await upstream.Cancellations.ReadAsync();
        return elapsed;
    }

    /// <summary>
    /// All at the same time, each with heartbeats, and each to its end. What opening them took is not what holding them takes: the heartbeats
    /// count once the process has compiled all that it will, and given back what it does not need.
    /// </summary>
    private async Task OpenStreamsAsync(TextWriter output, HeldUpstream upstream, PeerProcess gateway, StreamClient client)
    {
        var idle = gateway.Memory;
        var open = new OpenEvents[streams];
        await Parallel.ForAsync(0, streams, new ParallelOptions { MaxDegreeOfParallelism = OpenedAtOnce }, async (i, stop) => open[i] = await client.OpenAsync(stop));
        Task<bool>[] reading = [.. open.Select(stream => stream.ReadToDoneAsync())];
        await QuietAsync(gateway);
        int[] before = [.. open.Select(stream => stream.Heartbeats)];
        var cpuBefore = gateway.Cpu;
        await Task.Delay(CountedIntervals * HeartbeatInterval);
        var cpu = gateway.Cpu - cpuBefore;
        int[] heartbeats = [.. open.Select((stream, i) => stream.Heartbeats - before[i])];
        var memory = gateway.Memory - idle;
        upstream.EndAll();
        var done = await Task.WhenAll(reading);
        foreach (var stream in open)
        {
            stream.Dispose();
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"""
            | open streams | ended with `done` | heartbeats each, in {CountedIntervals} intervals | resident KB/stream | CPU µs/heartbeat |
            |--:|--:|--:|--:|--:|
            | {streams:N0} | {done.Count(isDone => isDone):N0} | {heartbeats.Min()} to {heartbeats.Max()} | {memory / 1e3 / streams:N1} | {cpu.TotalMicroseconds / heartbeats.Sum():N1} |

            """));
    }

    /// <summary>Waits until an interval takes no less of the processor than the one before: first for a while, as tier-up comes in steps.</summary>
    private static async Task QuietAsync(PeerProcess gateway)
    {
        var last = TimeSpan.MaxValue;
        for (var interval = 0; interval < MaxIntervalsToQuiet; interval++)
        {
            var before = gateway.Cpu;
            await Task.Delay(HeartbeatInterval);
            var cpu = gateway.Cpu - before;
            if (interval >= MinIntervalsToQuiet && cpu > QuietShare * last)
            {
                return;
            }

            last = cpu;
        }
    }

    private static string Line(string what, double[] milliseconds)
    {
        Array.Sort(milliseconds);
        return string.Create(CultureInfo.InvariantCulture, $"| {what} | {milliseconds[milliseconds.Length / 2]:N2} | {milliseconds[milliseconds.Length * 99 / 100]:N2} |");
    }
}
