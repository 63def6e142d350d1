using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Gateway.Bench.Load;
using Gateway.Bench.Peers;
using Gateway.Bench.Workloads;

namespace Gateway.Bench.OpenAi;

/// <summary>
/// Chat at the OpenAI face, with a model that speaks OpenAI's JSON and with one that is adapted, beside the API's own route, in turns: the time to the first
/// event, and the work for each.
/// </summary>
/// <param name="seconds">How long each load lasts.</param>
/// <param name="against">Where another build of this repository is, to be measured in the same turns; null for none.</param>
public sealed class OpenAiBench(int seconds, string? against)
{
    private const int PeerCore = 0;
    private const int Rounds = 5;
    private const int Samples = 1000;
    private const int WarmUpStreams = 300;
    private const int InFlight = 32;

    private static readonly Workload Mirror = Workload.Named("W4");

    private const string Chat = "/v2/ext/openai/v1/chat/completions";

    private static readonly Route[] Routes =
    [
        new("generate", Mirror.Path, Mirror.Body),
        new("OpenAI face", Chat, BodyFor(ChatUpstream.Transport)),
        new("OpenAI face, adapted", Chat, BodyFor(ChatUpstream.Adapted)),
    ];

    public async Task RunAsync(TextWriter output)
    {
        await using var upstream = await ChatUpstream.StartAsync();
        Peer[] builds = against is null ? [Peer.Gateway] : [Peer.Gateway, Peer.Gateway.Of(against)];
        List<Subject> subjects = [];
        try
        {
            foreach (var build in builds)
            {
                var gateway = await PeerProcess.StartAsync(build, Mirror.Name, upstream.Address, PeerCore);
                subjects.AddRange(Routes.Select(route => new Subject(build.Name, gateway, route)));
            }

            await WorkAsync(subjects);
            await FirstEventsAsync(subjects);
        }
        finally
        {
            foreach (var gateway in subjects.Select(subject => subject.Gateway).Distinct())
            {
                await gateway.DisposeAsync();
            }
        }

        await output.WriteLineAsync("| build | route | first event p50 ms | p99 ms | CPU µs/event |\n|---|---|--:|--:|--:|");
        foreach (var subject in subjects)
        {
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"| {subject.Build} | {subject.Route.Name} | {At(subject.First, 0.5):N3} | {At(subject.First, 0.99):N3} | {At(subject.Work, 0.5):N2} |"));
        }
    }

    // The first round warms up.
    private async Task WorkAsync(List<Subject> subjects)
    {
        for (var round = 0; round <= Rounds; round++)
        {
            foreach (var subject in subjects)
            {
                using var load = new LoadGenerator(subject.Route.Path, subject.Route.Body, InFlight);
                var before = subject.Gateway.Cpu;
                var result = await load.RunAsync(subject.Gateway.Address, TimeSpan.FromSeconds(seconds));
                if (round > 0)
                {
                    subject.Work.Add((subject.Gateway.Cpu - before).TotalMicroseconds / (result.Requests * ChatUpstream.Messages));
                }
            }
        }
    }

    private static async Task FirstEventsAsync(List<Subject> subjects)
    {
        using var client = new HttpClient();
        for (var sample = -WarmUpStreams; sample < Samples; sample++)
        {
            foreach (var subject in subjects)
            {
                var elapsed = await FirstEventAsync(client, subject);
                if (sample >= 0)
                {
                    subject.First.Add(elapsed);
                }
            }
        }
    }

    /// <summary>Milliseconds to the first event. The stream is read to its end, and has to have all of them.</summary>
    private static async Task<double> FirstEventAsync(HttpClient client, Subject subject)
    {
        var route = subject.Route;
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(subject.Gateway.Address, route.Path)) { Content = new ByteArrayContent(route.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("Authorization", "Key " + Peer.Key);
        var asked = Stopwatch.GetTimestamp();
        using var response = (await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead)).EnsureSuccessStatusCode();
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        double first = 0;
        var events = 0;
        while (await lines.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                first = events++ == 0 ? Stopwatch.GetElapsedTime(asked).TotalMilliseconds : first;
            }
        }

        // One more says how the stream ended, and the adapted model's why before that.
        var extra = route.Body.AsSpan().IndexOf("adapted"u8) >= 0 ? 2 : 1;
        return events == ChatUpstream.Messages + extra ? first : throw new InvalidOperationException($"{route.Name}: {events} events came.");
    }

    private static double At(List<double> figures, double part)
    {
        figures.Sort();
        return figures[(int)(figures.Count * part)];
    }

    private static byte[] BodyFor(string model) => Encoding.UTF8.GetBytes(
        $$"""{"model":"clarifai/main/models/{{model}}","stream":true,"messages":[{"role":"user","content":"Tell me about lighthouses."}]}""");

    private sealed record Route(string Name, string Path, byte[] Body);

    private sealed record Subject(string Build, PeerProcess Gateway, Route Route)
    {
        public List<double> Work { get; } = [];

        public List<double> First { get; } = [];
    }
}
