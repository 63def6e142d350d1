using Gateway.Api.Configuration;
using Gateway.Api.Stored;
using Gateway.Api.Tenancy;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Faces.HomeAssistant;

/// <summary>
/// Runs the configured scans, each by itself, from the server's start until it is told to stop; of replicas that share a store, one does.
/// </summary>
internal sealed class CameraScans(
    IOptions<GatewayOptions> options,
    Predictor predictor,
    TenantDirectory tenants,
    TimeProvider time,
    Random random,
    SoleReplica replica,
    IHostApplicationLifetime lifetime,
    ILoggerFactory loggers)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Stopping comes in stages, the last of which is this token; but nobody waits for scans.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        if (options.Value.HomeAssistant.Scans.Count > 0)
        {
            await replica.RunAsync("scans", ScanAsync, stopping.Token);
        }
    }

    private Task ScanAsync(CancellationToken end)
    {
        var home = options.Value.HomeAssistant;
        var logger = loggers.CreateLogger<CameraScan>();
        return Task.WhenAll(home.Scans.Select(scan =>
            new CameraScan(scan.Key, scan.Value, home, predictor, tenants, time, random, logger).RunAsync(end)));
    }
}
