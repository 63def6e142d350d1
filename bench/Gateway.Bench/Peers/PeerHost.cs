namespace Gateway.Bench.Peers;

/// <summary>The Kestrel of the gateway, set up as the gateway sets it up.</summary>
public static class PeerHost
{
    /// <summary>What peers send upstream in a PAT's place.</summary>
    public const string Authorization = "Key bench-pat";

    /// <summary>What peers give a call.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    private const long MaxBodyBytes = 128 * 1024 * 1024;

    public static WebApplication Create(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = MaxBodyBytes;
        });
        return builder.Build();
    }
}
