using System.Net.Http.Headers;
using Gateway.Bench.Peers;
using Gateway.Bench.Workloads;

namespace Gateway.Bench.Streams;

/// <summary>Opens streams as Server-Sent Events, each on a connection of its own.</summary>
public sealed class StreamClient(Uri gateway) : IDisposable
{
    private static readonly Workload Workload = Workload.Named("W4");

    private readonly HttpClient _http = new(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Opens a stream, and waits for its first event.</summary>
    public async Task<OpenEvents> OpenAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway, Workload.Path)) { Content = new ByteArrayContent(Workload.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("Authorization", "Key " + Peer.Key);
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var stream = new OpenEvents(response.EnsureSuccessStatusCode(), await response.Content.ReadAsStreamAsync(cancellationToken));
        await stream.ReadEventAsync();
        return stream;
    }

    public void Dispose() => _http.Dispose();
}
