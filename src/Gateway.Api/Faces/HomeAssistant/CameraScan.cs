using Gateway.Api.Configuration;
using Gateway.Api.Errors;
using Gateway.Api.Tenancy;
using Gateway.Core.Upstream;

namespace Gateway.Api.Faces.HomeAssistant;

/// <summary>One scan: the steps of a prediction, again and again, one time after the other.</summary>
/// <param name="name">Its name in the configuration, for the log.</param>
/// <param name="options">What is scanned.</param>
/// <param name="home">Where, and for whom.</param>
/// <param name="predictor">The steps.</param>
/// <param name="tenants">Who there is.</param>
/// <param name="random">Where chance comes from.</param>
/// <param name="logger">The log.</param>
internal sealed partial class CameraScan(
    string name,
    ScanOptions options,
    HomeAssistantOptions home,
    Predictor predictor,
    TenantDirectory tenants,
    TimeProvider time,
    Random random,
    ILogger logger)
{
    private readonly ScanSchedule _schedule = new(options.ScanInterval, home.MaxBackoff);
    private readonly Prediction _prediction = new(options.Camera, options.Workflow, options.AppId ?? "", options.UserId ?? "");
    private int _failures;

    /// <summary>Scans until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var wait = _schedule.BeforeFirst(random);
        try
        {
            while (true)
            {
                await Task.Delay(wait, time, stopping);
                var started = time.GetTimestamp();
                var failure = await ScanAsync(stopping);
                wait = Next(failure, time.GetElapsedTime(started));
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            LogStopped(logger, name);
        }
    }

    // Whatever went wrong, the next time may go better.
    private async Task<string?> ScanAsync(CancellationToken stopping)
    {
        try
        {
            return (await TryAsync(stopping))?.Details;
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            LogBroken(logger, exception, name);
            return ApiErrors.Internal.Description;
        }
    }

    private async Task<ApiError?> TryAsync(CancellationToken stopping)
    {
        var current = tenants.Current;
        var tenant = (options.Tenant ?? home.Tenant) is { } named ? current.Named(named) : current.Default;
        if (tenant is null)
        {
            return HomeAssistantErrors.NoTenant;
        }

        var prediction = _prediction.In(tenant);
        var call = new UpstreamCall(RequestId: null, Timeout: null, stopping);
        using var run = await predictor.RunAsync(prediction, tenant, call);
        return run.Results is { } results ? await predictor.FireAsync(prediction, results, call) : run.Failure;
    }

    private TimeSpan Next(string? failure, TimeSpan took)
    {
        var failed = _failures;
        _failures = failure is null ? 0 : failed + 1;
        var wait = _schedule.After(took, _failures);
        if (failure is not null)
        {
            LogFailed(logger, name, _failures, wait, failure);
        }
        else if (failed > 0)
        {
            LogRecovered(logger, name, failed);
        }

        return wait;
    }

    [LoggerMessage(LogLevel.Warning, "Scan {Scan} failed for the {Failures}. time in a row, and comes again in {Wait}: {Reason}")]
    private static partial void LogFailed(ILogger logger, string scan, int failures, TimeSpan wait, string reason);

    [LoggerMessage(LogLevel.Information, "Scan {Scan} works again after {Failures} failures")]
    private static partial void LogRecovered(ILogger logger, string scan, int failures);

    [LoggerMessage(LogLevel.Error, "Scan {Scan} is at fault")]
    private static partial void LogBroken(ILogger logger, Exception exception, string scan);

    [LoggerMessage(LogLevel.Debug, "Scan {Scan} has stopped")]
    private static partial void LogStopped(ILogger logger, string scan);
}
