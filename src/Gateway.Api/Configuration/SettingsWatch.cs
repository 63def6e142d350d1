using Microsoft.Extensions.Configuration.Json;

namespace Gateway.Api.Configuration;

/// <summary>
/// Looks at the settings files again and again, and has those taken that changed. The notices of a file system do not do: they tell of the
/// folder that a file is in, not of the one that a link leads to, and network file systems have none.
/// </summary>
internal sealed partial class SettingsWatch(IConfiguration configuration, ILogger<SettingsWatch> logger) : BackgroundService
{
    // A change counts at the second look that sees it. The files are small. Time here is the file system's, not that of calls.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Watches the files that the host would.</summary>
    /// <exception cref="InvalidOperationException">In place of one there is a folder, which the host would take for no file.</exception>
    public static void AddTo(WebApplicationBuilder builder)
    {
        var sources = builder.Configuration.Sources;
        for (var i = 0; i < sources.Count; i++)
        {
            if (sources[i] is JsonConfigurationSource { ReloadOnChange: true } file)
            {
                sources[i] = new SettingsFileSource(file);
                RequireFile(file);
            }
        }

        builder.Services.AddHostedService<SettingsWatch>();
    }

    // Docker makes a folder where the file that it is to mount is missing.
    private static void RequireFile(JsonConfigurationSource source)
    {
        if (source.FileProvider?.GetFileInfo(source.Path!).PhysicalPath is { } path && Directory.Exists(path))
        {
            throw new InvalidOperationException($"{path} is a folder, and has to be a file of settings.");
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        await using var stopping = stoppingToken.Register(timer.Dispose);
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            foreach (var file in ((IConfigurationRoot)configuration).Providers.OfType<SettingsFile>())
            {
                Refresh(file);
            }
        }
    }

    private void Refresh(SettingsFile file)
    {
        try
        {
            if (file.Refresh() is { } fault)
            {
                LogKept(file.Name, fault);
            }
        }
        catch (Exception failure)
        {
            // From one of those who follow the configuration: its text may hold a value.
            LogNotFollowed(file.Name, failure.GetBaseException().GetType().Name);
        }
    }

    [LoggerMessage(LogLevel.Error, "The settings file {File} cannot be used: {Fault}. What it said before stays in force.")]
    private partial void LogKept(string file, string fault);

    [LoggerMessage(LogLevel.Error, "The settings file {File} has changed, but not all of it took effect ({Kind}).")]
    private partial void LogNotFollowed(string file, string kind);
}
