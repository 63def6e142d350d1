namespace Gateway.Bench.Peers;

/// <summary>A gateway that has the sandbox, as the upstream of the measured one: what models need is not the measured one's.</summary>
internal sealed class SandboxUpstream : IAsyncDisposable
{
    private const int Core = 1;

    private SandboxUpstream(PeerProcess process, Uri address)
    {
        Process = process;
        Address = address;
    }

    public PeerProcess Process { get; }

    /// <summary>Where it speaks gRPC.</summary>
    public Uri Address { get; }

    public static async Task<SandboxUpstream> StartAsync()
    {
        var address = PeerProcess.FreeAddress();
        var sandbox = Peer.Gateway with
        {
            Name = "sandbox",
            Environment = (_, _) => [("Gateway__Sandbox__TokenDelay", "00:00:00"), ("Serilog__MinimumLevel__Default", "Warning")],
        };
        return new SandboxUpstream(await PeerProcess.StartAsync(sandbox.WithGrpc(address), "", address, Core), address);
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
