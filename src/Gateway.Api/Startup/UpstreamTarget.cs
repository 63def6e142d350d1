using Gateway.Api.Configuration;
using Gateway.Core.Upstream;
using Gateway.Sandbox;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Startup;

/// <summary>
/// Where calls go: the configured upstream, or the sandbox, which this service starts before the server listens and stops
/// after it.
/// </summary>
public sealed partial class UpstreamTarget(
    IOptions<GatewayOptions> options,
    IOptions<SandboxOptions> sandboxOptions,
    ClarifaiClientFactory clients,
    TimeProvider time,
    ILoggerFactory loggers) : IHostedService, IAsyncDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger<UpstreamTarget>();
    private SandboxServer? _sandbox;
    private Uri? _address;

    /// <summary>The address in use; set once the service has started.</summary>
    public Uri Address => _address ?? throw new InvalidOperationException("The upstream is known once the host has started.");

    /// <summary>True when the built-in sandbox is the upstream.</summary>
    public bool IsSandbox => _sandbox is not null;

    /// <summary>A client of the upstream with a tenant's credential.</summary>
    public ClarifaiClient ClientFor(Pat? credential) => clients.Create(Address, credential);

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _address = options.Value.Upstream.Address;
        if (_address is null)
        {
            _sandbox = await SandboxServer.StartAsync(sandboxOptions.Value, time, loggers, cancellationToken);
            _address = _sandbox.Address;
        }

        LogUpstream(_address, IsSandbox ? " (the built-in sandbox)" : "");
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _sandbox?.DisposeAsync() ?? ValueTask.CompletedTask;

    [LoggerMessage(LogLevel.Information, "Upstream: {Address}{Note}")]
    private partial void LogUpstream(Uri address, string note);
}
