using System.Diagnostics;
using System.Net;
using System.Text;
using Gateway.Bench.Peers;

namespace Gateway.Bench.Fleet;

/// <summary>Sends requests at a rate, whatever becomes of those before, to replicas in turns.</summary>
internal sealed class FleetLoad(IReadOnlyList<Uri> replicas, int perSecond) : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly HttpClient[] _clients = [.. replicas.Select(replica => new HttpClient { BaseAddress = replica })];

    /// <summary>Sends for a while, and waits for all answers.</summary>
    public async Task<FleetResult> RunAsync(TimeSpan time)
    {
        var started = Stopwatch.GetTimestamp();
        var requests = new List<Task<HttpStatusCode>>();
        using var timer = new PeriodicTimer(Tick);
        while (Stopwatch.GetElapsedTime(started) is var elapsed && elapsed < time)
        {
            while (requests.Count < elapsed.TotalSeconds * perSecond)
            {
                requests.Add(SendAsync(_clients[requests.Count % _clients.Length]));
            }

            await timer.WaitForNextTickAsync();
        }

        var sending = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var statuses = await Task.WhenAll(requests);
        return new FleetResult(
            sending,
            statuses.Length,
            statuses.Count(status => status == HttpStatusCode.OK),
            statuses.Count(status => status is not (HttpStatusCode.OK or HttpStatusCode.TooManyRequests)));
    }

    public void Dispose()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }
    }

    private static async Task<HttpStatusCode> SendAsync(HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/m/outputs");
        request.Headers.TryAddWithoutValidation("Authorization", $"Key {Peer.Key}");
        request.Content = new StringContent("""{"inputs":[{"data":{"text":{"raw":"x"}}}]}""", Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
