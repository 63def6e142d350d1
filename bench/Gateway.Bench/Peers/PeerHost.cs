using Grpc.Core;

namespace Gateway.Bench.Peers;

/// <summary>What the .NET peers have in common with the gateway: its Kestrel, and what a call carries.</summary>
public static class PeerHost
{
    private const long MaxBodyBytes = 128 * 1024 * 1024;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    /// <summary>A host with the gateway's Kestrel and no logging.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = MaxBodyBytes;
        });
        return builder;
    }

    /// <summary>What a call carries besides its message: something in a PAT's place, a request id, a deadline.</summary>
    public static CallOptions CallOptions(CancellationToken cancellation)
    {
        var headers = new Metadata { { "authorization", "Key bench-pat" }, { "x-request-id", "4f6a1c0b2d3e4f5061728394a5b6c7d8" } };
        return new CallOptions(headers, TimeProvider.System.GetUtcNow().UtcDateTime + Timeout, cancellation);
    }
}
