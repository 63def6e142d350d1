using Gateway.Bench.Peers;

namespace Gateway.Bench.Memory;

/// <summary>A gateway to be measured, in front of another one that has the sandbox: what models need is not the measured one's.</summary>
internal sealed class Sandboxed : IAsyncDisposable
{
    private const int PeerCore = 0;
    private const int WarmUps = 100;

    private readonly SandboxUpstream _upstream;

    private Sandboxed(SandboxUpstream upstream, PeerProcess gateway, Uri http2)
    {
        _upstream = upstream;
        Gateway = gateway;
        Http2 = http2;
    }

    /// <summary>The gateway that has the sandbox.</summary>
    public PeerProcess Upstream => _upstream.Process;

    /// <summary>The measured gateway.</summary>
    public PeerProcess Gateway { get; }

    /// <summary>Where it speaks HTTP/2.</summary>
    public Uri Http2 { get; }

    /// <summary>Starts both.</summary>
    /// <param name="environment">What the measured one gets besides.</param>
    public static async Task<Sandboxed> StartAsync(params (string Name, string Value)[] environment)
    {
        var http2 = PeerProcess.FreeAddress();
        var measured = Peer.Gateway.WithGrpc(http2, environment);
        var upstream = await SandboxUpstream.StartAsync();
        return new Sandboxed(upstream, await PeerProcess.StartAsync(measured, "", upstream.Address, PeerCore), http2);
    }

    /// <summary>Has the gateway run all code of a face, so that what a large request takes is memory of its own.</summary>
    public async Task WarmUpAsync(HttpClient client, Face face)
    {
        var small = face.Small;
        for (var i = 0; i < WarmUps; i++)
        {
            using var request = small.Request(Gateway.Address, Http2);
            using var response = await client.SendAsync(request);
            await response.Content.ReadAsByteArrayAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }
}
