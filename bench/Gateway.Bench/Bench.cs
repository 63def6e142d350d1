using System.Net.Http.Headers;
using Clarifai.Api;
using Gateway.Bench.Load;
using Gateway.Bench.Peers;
using Gateway.Bench.Reports;
using Gateway.Bench.Workloads;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Bench;

/// <summary>Runs workloads against peers: all peers of a workload side by side, round by round, so that what slows the machine slows them all.</summary>
public sealed class Bench(BenchOptions options)
{
    private const int PeerCore = 0;

    /// <summary>Writes the table of each workload as soon as it is measured, and answers what was measured.</summary>
    public async Task<IReadOnlyList<Measurement>> RunAsync(TextWriter output)
    {
        await using var upstream = await RecordingUpstream.StartAsync();
        var measurements = new List<Measurement>();
        foreach (var workload in options.Workloads)
        {
            var measurement = await MeasureAsync(upstream, workload);
            foreach (var line in Table.Of(measurement))
            {
                await output.WriteLineAsync(line);
            }

            await output.FlushAsync();
            measurements.Add(measurement);
        }

        return measurements;
    }

    private async Task<Measurement> MeasureAsync(RecordingUpstream upstream, Workload workload)
    {
        using var load = new LoadGenerator(workload);
        using var small = new LoadGenerator(workload.IsStream ? workload : Workload.All[0]);
        var processes = new List<PeerProcess>();
        var rounds = options.Peers.ToDictionary(peer => peer, _ => new List<Round>());
        var idle = new Dictionary<Peer, long>();
        try
        {
            foreach (var peer in options.Peers)
            {
                var process = await PeerProcess.StartAsync(peer, workload.Name, upstream.Address, PeerCore);
                processes.Add(process);
                idle[peer] = await WarmUpAsync(process, upstream, workload, small, load);
            }

            for (var i = 0; i < options.Rounds; i++)
            {
                foreach (var process in processes)
                {
                    rounds[process.Peer].Add(await RoundAsync(process, workload, load, idle[process.Peer]));
                }
            }
        }
        finally
        {
            foreach (var process in processes)
            {
                await process.DisposeAsync();
            }
        }

        return new Measurement(workload, rounds.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<Round>)pair.Value));
    }

    /// <summary>
    /// Lets the peer compile what it runs. Answers its memory when it had served small requests and none of the workload's: what comes on top of
    /// that is the workload's.
    /// </summary>
    private async Task<long> WarmUpAsync(PeerProcess process, RecordingUpstream upstream, Workload workload, LoadGenerator small, LoadGenerator load)
    {
        upstream.Serve(workload);
        await small.RunAsync(process.Address, options.WarmUp);
        var idle = process.Memory;
        await CheckAsync(process, upstream, workload);
        await load.RunAsync(process.Address, options.WarmUp);
        return idle;
    }

    private async Task<Round> RoundAsync(PeerProcess process, Workload workload, LoadGenerator load, long idle)
    {
        process.ForgetPeak();
        var allocatedBefore = await process.AllocatedAsync();
        var cpuBefore = process.Cpu;
        var result = await load.RunAsync(process.Address, options.RoundTime);
        var cpu = process.Cpu - cpuBefore;
        return Round.From(result, workload.UnitsPerRequest, cpu, process.PeakMemory - idle, await process.AllocatedAsync() - allocatedBefore);
    }

    /// <summary>No figure counts unless both sides got the right messages.</summary>
    private static async Task CheckAsync(PeerProcess process, RecordingUpstream upstream, Workload workload)
    {
        upstream.Expect();
        var body = await AskAsync(process.Address, workload);
        var messages = workload.IsStream ? Messages(body) : [body];
        MultiOutputResponse[] got = [.. messages.Select(message => ApiJson.Parser.Parse<MultiOutputResponse>(message))];
        if (upstream.Complaint is { } complaint)
        {
            throw new InvalidOperationException($"{process.Peer.Name}: {complaint}.");
        }

        if (!got.SequenceEqual(workload.Responses))
        {
            throw new InvalidOperationException($"{process.Peer.Name}: the client got another answer than {workload.Name}'s.");
        }
    }

    private static async Task<string> AskAsync(Uri address, Workload workload)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, workload.Path)) { Content = new ByteArrayContent(workload.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("Authorization", "Key " + Peer.Key);
        using var response = await http.SendAsync(request);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    /// <summary>
    /// The messages of an event stream; or of one JSON object per line, which is the message, as ASP.NET Core has it, or has it in <c>result</c>,
    /// as grpc-gateway does.
    /// </summary>
    private static IEnumerable<string> Messages(string body)
    {
        const string Data = "data: ";
        const string Result = "{\"result\":";
        return body.Split('\n')
            .Select(line => line.StartsWith(Data, StringComparison.Ordinal) ? line[Data.Length..] : line)
            .Select(line => line.StartsWith(Result, StringComparison.Ordinal) ? line[Result.Length..^1] : line)
            .Where(json => json.Contains("\"outputs\"", StringComparison.Ordinal));
    }
}
