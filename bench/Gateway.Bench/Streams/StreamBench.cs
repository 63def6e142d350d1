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

    /// <summary>All at once, each with heartbeats, and each to its end.</summary>
    private async Task OpenStreamsAsync(TextWriter output, HeldUpstream upstream, PeerProcess gateway, StreamClient client)
    {
        var idle = gateway.Memory;
        var open = await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => client.OpenAsync(default)));
        var cpuBefore = gateway.Cpu;
        Task<int>[] reading = [.. open.Select(stream => stream.ReadToDoneAsync())];
        await Task.Delay(3 * HeartbeatInterval);
        var memory = gateway.Memory - idle;
        var cpu = gateway.Cpu - cpuBefore;
        upstream.EndAll();
        var heartbeats = await Task.WhenAll(reading);
        foreach (var stream in open)
        {
            stream.Dispose();
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"""
            | open streams | ended with `done` | heartbeats each, fewest | resident KB/stream | CPU µs/heartbeat |
            |--:|--:|--:|--:|--:|
            | {streams:N0} | {heartbeats.Count(count => count >= 0):N0} | {heartbeats.Min()} | {memory / 1e3 / streams:N1} | {cpu.TotalMicroseconds / heartbeats.Sum():N0} |

            """));
    }

    private static string Line(string what, double[] milliseconds)
    {
        Array.Sort(milliseconds);
        return string.Create(CultureInfo.InvariantCulture, $"| {what} | {milliseconds[milliseconds.Length / 2]:N2} | {milliseconds[milliseconds.Length * 99 / 100]:N2} |");
    }
}
