using System.Text;
using Gateway.Bench.Peers;

namespace Gateway.Bench.Start;

/// <summary>A gateway that was started just now, and what it has used since.</summary>
internal sealed class FreshGateway : IAsyncDisposable
{
    private const int Core = 0;

    private readonly PeerProcess _process;
    private readonly Uri _http2;
    private readonly HttpClient _client = new();

    private FreshGateway(PeerProcess process, Uri http2)
    {
        _process = process;
        _http2 = http2;
    }

    public Uri Address => _process.Address;

    public TimeSpan Cpu => _process.Cpu;

    public long Memory => _process.Memory;

    /// <summary>Starts it, and waits until it listens.</summary>
    /// <param name="build">The build.</param>
    /// <param name="upstream">Where it calls; null for the sandbox of its own process.</param>
    public static async Task<FreshGateway> StartAsync(Peer build, Uri? upstream)
    {
        var http2 = PeerProcess.FreeAddress();
        var peer = upstream is null ? build.WithGrpc(http2).OnSandbox() : build.WithGrpc(http2);
        return new FreshGateway(await PeerProcess.StartAsync(peer, "", upstream ?? http2, Core), http2);
    }

    /// <summary>Makes a call, and reads its answer to the end.</summary>
    /// <exception cref="InvalidOperationException">It failed: figures of such a call are worth nothing.</exception>
    public async Task CallAsync(FirstCall call)
    {
        using var request = call.Request(Address, _http2);
        using var response = await _client.SendAsync(request);
        var answer = await response.Content.ReadAsByteArrayAsync();
        if (!response.IsSuccessStatusCode || answer.AsSpan().IndexOf(Encoding.UTF8.GetBytes(call.Mark)) < 0)
        {
            throw new InvalidOperationException($"{_process.Peer.Name}, {call.Face}: {(int)response.StatusCode} without {call.Mark}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
    }
}
