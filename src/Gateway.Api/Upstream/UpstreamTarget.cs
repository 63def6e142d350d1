using Gateway.Api.Configuration;
using Gateway.Api.Tenancy;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Connections;
using Gateway.Sandbox;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Upstream;

/// <summary>
/// Where calls go: the configured upstream, or the sandbox, which this service starts before the server listens and stops
/// after it.
/// </summary>
internal sealed partial class UpstreamTarget(
    IOptions<GatewayOptions> options,
    UpstreamChannels channels,
    TimeProvider time,
    ILoggerFactory loggers) : IHostedService, IAsyncDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger<UpstreamTarget>();
    private SandboxServer? _sandbox;
    private UpstreamCluster? _cluster;
    private ClarifaiClientFactory? _clients;

    /// <summary>The upstream in use; set once the service has started.</summary>
    public UpstreamCluster Cluster => _cluster ?? throw new InvalidOperationException("The upstream is known once the host has started.");

    /// <summary>True when the built-in sandbox is the upstream.</summary>
    public bool IsSandbox => _sandbox is not null;

    /// <summary>A client of the upstream, on a tenant's behalf: its calls take their turns and are counted.</summary>
    public ClarifaiClient ClientFor(Tenant tenant) =>
        tenant.Account is { } account ? Clients.Create(account.Credentials, account.Meter) : Clients.Create(tenant.Pat);

    /// <summary>A client of the upstream on the gateway's own behalf, for RPCs that need no credential.</summary>
    public ClarifaiClient OwnClient() => Clients.Create(null);

    private ClarifaiClientFactory Clients =>
        _clients ?? throw new InvalidOperationException("The upstream is known once the host has started.");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var configured = options.Value.Upstream;
        if (configured.InEffect.Count == 0)
        {
            _sandbox = await SandboxServer.StartAsync(options.Value.Sandbox, time, loggers, cancellationToken);
        }

        _cluster = new UpstreamCluster(
            new UpstreamClusterOptions
            {
                Groups = _sandbox is null
                    ? [.. configured.Failover.Prepend(configured).Select(group => group.InEffect)]
                    : [[_sandbox.Address]],
                Ejection = configured.Ejection,
                Patience = configured.UnaryTimeout,
                Retry = configured.Retry,
                TimeProvider = time,
            },
            channels,
            loggers.CreateLogger<UpstreamCluster>());
        _clients = new ClarifaiClientFactory(_cluster);
        LogUpstream(_cluster, IsSandbox ? " (the built-in sandbox)" : "");
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => _sandbox?.DisposeAsync() ?? ValueTask.CompletedTask;

    [LoggerMessage(LogLevel.Information, "Upstream: {Upstream}{Note}")]
    private partial void LogUpstream(UpstreamCluster upstream, string note);
}
