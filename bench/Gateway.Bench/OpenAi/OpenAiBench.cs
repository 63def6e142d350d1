using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Gateway.Bench.Load;
using Gateway.Bench.Peers;
using Gateway.Bench.Workloads;

namespace Gateway.Bench.OpenAi;

/// <summary>Chat at the OpenAI face beside the API's own route, one process, in turns: the time to the first event, and the work for each.</summary>
public sealed class OpenAiBench(int seconds)
{
    private const int PeerCore = 0;
    private const int Rounds = 5;
    private const int Samples = 1000;
    private const int WarmUpStreams = 300;
    private const int InFlight = 32;

    private static readonly Workload Mirror = Workload.Named("W4");

    private static readonly Route[] Routes =
    [
        new("generate", Mirror.Path, Mirror.Body),
        new("OpenAI face", "/v2/ext/openai/v1/chat/completions", """{"model":"clarifai/main/models/m","stream":true,"messages":[{"role":"user","content":"Tell me about lighthouses."}]}"""u8.ToArray()),
    ];

    public async Task RunAsync(TextWriter output)
    {
        await using ChatUpstream upstream = await ChatUpstream.StartAsync();
        await using PeerProcess gateway = await PeerProcess.StartAsync(Peer.Gateway, Mirror.Name, upstream.Address, PeerCore);
        List<double>[] work = await WorkAsync(gateway);
        List<double>[] first = await FirstEventsAsync(gateway);
        await output.WriteLineAsync("| route | first event p50 ms | p99 ms | CPU µs/event |\n|---|--:|--:|--:|");
        for (int i = 0; i < Routes.Length; i++)
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| {Routes[i].Name} | {At(first[i], 0.5):N3} | {At(first[i], 0.99):N3} | {At(work[i], 0.5):N2} |"));
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| ratio | {At(first[1], 0.5) / At(first[0], 0.5):N2} | {At(first[1], 0.99) / At(first[0], 0.99):N2} | {At(work[1], 0.5) / At(work[0], 0.5):N2} |"));
    }

    // The first round warms up.
    private async Task<List<double>[]> WorkAsync(PeerProcess gateway)
    {
        List<double>[] figures = [.. Routes.Select(_ => new List<double>())];
        for (int round = 0; round <= Rounds; round++)
        {
            for (int i = 0; i < Routes.Length; i++)
            {
                using var load = new LoadGenerator(Routes[i].Path, Routes[i].Body, InFlight);
                TimeSpan before = gateway.Cpu;
                LoadResult result = await load.RunAsync(gateway.Address, TimeSpan.FromSeconds(seconds));
                if (round > 0)
                {
                    figures[i].Add((gateway.Cpu - before).TotalMicroseconds / (result.Requests * ChatUpstream.Messages));
                }
            }
        }

        return figures;
    }

    private static async Task<List<double>[]> FirstEventsAsync(PeerProcess gateway)
    {
        List<double>[] figures = [.. Routes.Select(_ => new List<double>())];
        using var client = new HttpClient { BaseAddress = gateway.Address };
        for (int sample = -WarmUpStreams; sample < Samples; sample++)
        {
            for (int i = 0; i < Routes.Length; i++)
            {
                double elapsed = await FirstEventAsync(client, Routes[i]);
                if (sample >= 0)
                {
                    figures[i].Add(elapsed);
                }
            }
        }

        return figures;
    }

    /// <summary>Milliseconds to the first event. The stream is read to its end, and has to have all of them.</summary>
    private static async Task<double> FirstEventAsync(HttpClient client, Route route)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, route.Path) { Content = new ByteArrayContent(route.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("Authorization", "Key " + Peer.Key);
        long asked = Stopwatch.GetTimestamp();
        using HttpResponseMessage response = (await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead)).EnsureSuccessStatusCode();
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        double first = 0;
        int events = 0;
        while (await lines.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                first = events++ == 0 ? Stopwatch.GetElapsedTime(asked).TotalMilliseconds : first;
            }
        }

        // One more says how the stream ended.
        return events == ChatUpstream.Messages + 1 ? first : throw new InvalidOperationException($"{route.Name}: {events} events came.");
    }

    private static double At(List<double> figures, double part)
    {
        figures.Sort();
        return figures[(int)(figures.Count * part)];
    }

    private sealed record Route(string Name, string Path, byte[] Body);
}
