using System.Diagnostics;
using System.Globalization;
using Gateway.Bench.Peers;

namespace Gateway.Bench.Memory;

/// <summary>
/// Large, packed, slow and keyless requests, 32 of each kind at a time, against a gateway with a heap of 512 MB, beside a steady 50 small requests a
/// second: whether those are served, and whether memory comes back. As many small ones go to the sandbox itself, which works on the large ones as well:
/// what they wait there is not the measured gateway's.
/// </summary>
/// <param name="seconds">How long each kind takes.</param>
/// <param name="faces">Only kinds with this in their name.</param>
public sealed class PressureBench(int seconds, string faces)
{
    private const string HeapLimit = "0x20000000"; // 512 MB, as the runtime reads it
    private const int InFlight = 32;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    public async Task RunAsync(TextWriter output)
    {
        await using var pair = await Sandboxed.StartAsync(("DOTNET_GCHeapHardLimit", HeapLimit));
        await output.WriteLineAsync("| requests | key | done | refused | small ones | lost | slowest ms | at the sandbox itself | MB at rest before | at the peak | 10 s after |\n|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        using (var warm = new HttpClient { Timeout = TimeSpan.FromSeconds(30) })
        {
            for (var i = 0; i < 500; i++)
            {
                await SmallAsync(warm, pair.Gateway);
            }

            foreach (var face in Face.All)
            {
                await pair.WarmUpAsync(warm, face);
            }
        }

        foreach (var face in Face.All.Where(face => face.Name.Contains(faces, StringComparison.Ordinal)))
        {
            foreach (var keyed in new[] { true, false })
            {
                await output.WriteLineAsync(await AgainstAsync(pair, face, keyed));
            }
        }

        if (faces.Length == 0)
        {
            await output.WriteLineAsync(await AgainstAsync(pair, Face.All[^2] with { Name = "gRPC that trickles" }, keyed: true, trickles: true));
        }
    }

    private async Task<string> AgainstAsync(Sandboxed pair, Face face, bool keyed, bool trickles = false)
    {
        var before = pair.Gateway.Memory;
        pair.Gateway.ForgetPeak();
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        var small = new Counts();
        var large = new Counts();
        var upstream = new Counts();
        var steady = Task.WhenAll(SteadyAsync(pair.Gateway, small, end.Token), SteadyAsync(pair.Upstream, upstream, end.Token));
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => trickles ? TrickleAsync(pair, face, end.Token) : RepeatAsync(pair, face, keyed, large, end.Token)));
        await steady;
        var peak = pair.Gateway.PeakMemory;
        await Task.Delay(TimeSpan.FromSeconds(10));
        return string.Create(CultureInfo.InvariantCulture,
            $"| {face.Name} | {(keyed ? "yes" : "no")} | {large.Done} | {large.Lost} | {small.Done} | {small.Lost} | {small.Slowest:N0} | {upstream.Slowest:N0} | {Mega(before)} | {Mega(peak)} | {Mega(pair.Gateway.Memory)} |");
    }

    private static async Task RepeatAsync(Sandboxed pair, Face face, bool keyed, Counts counts, CancellationToken end)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        while (!end.IsCancellationRequested)
        {
            try
            {
                using var request = face.Request(pair.Gateway.Address, pair.Http2);
                if (!keyed)
                {
                    request.Headers.Remove("Authorization");
                }

                using var response = await client.SendAsync(request, end);
                counts.Add(response.IsSuccessStatusCode && response.TrailingHeaders.All(header => header.Key != "grpc-status" || header.Value.Single() == "0"), 0);
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                counts.Add(done: end.IsCancellationRequested, 0);
            }
        }
    }

    // A frame that says how long it is, and one byte of it a second.
    private static async Task TrickleAsync(Sandboxed pair, Face face, CancellationToken end)
    {
        using var client = new HttpClient();
        using var request = face.Request(pair.Gateway.Address, pair.Http2);
        request.Content = new SlowContent(face.Body, end) { Headers = { { "content-type", face.ContentType } } };
        try
        {
            (await client.SendAsync(request, end)).Dispose();
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            // Broken off, as it should be, or the time is over.
        }
    }

    private static async Task SteadyAsync(PeerProcess peer, Counts counts, CancellationToken end)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        using var pace = new PeriodicTimer(Pace);
        var sent = new List<Task>();
        try
        {
            while (await pace.WaitForNextTickAsync(end))
            {
                sent.Add(CountAsync());
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(sent);
        }

        async Task CountAsync()
        {
            var started = Stopwatch.GetTimestamp();
            var done = await SmallAsync(client, peer);
            counts.Add(done, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    private static async Task<bool> SmallAsync(HttpClient client, PeerProcess peer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(peer.Address, "/v2/models/text-sentiment/outputs"))
        {
            Content = new StringContent("""{"inputs":[{"data":{"text":{"raw":"A fine day."}}}]}"""),
        };
        request.Headers.TryAddWithoutValidation("Authorization", "Key " + Peer.Key);
        try
        {
            using var response = await client.SendAsync(request);
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private static string Mega(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:N0}");

    private sealed class Counts
    {
        private readonly Lock _gate = new();

        public int Done { get; private set; }

        public int Lost { get; private set; }

        public double Slowest { get; private set; }

        public void Add(bool done, double milliseconds)
        {
            lock (_gate)
            {
                Done += done ? 1 : 0;
                Lost += done ? 0 : 1;
                Slowest = Math.Max(Slowest, milliseconds);
            }
        }
    }

    private sealed class SlowContent(byte[] body, CancellationToken end) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            await stream.WriteAsync(body.AsMemory(0, 1024), end);
            for (var i = 1024; ; i++)
            {
                await stream.FlushAsync(end);
                await Task.Delay(TimeSpan.FromSeconds(1), end);
                await stream.WriteAsync(body.AsMemory(i, 1), end);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
