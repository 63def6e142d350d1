using System.Reflection;

namespace Gateway.Api.Hosting;

/// <summary>The life of the process.</summary>
internal static class GatewayRun
{
    // Where another program starts the gateway, as tests do, what stops the start is that program's to see.
    private static readonly bool IsOwnProcess = Assembly.GetEntryAssembly() == typeof(GatewayRun).Assembly;

    /// <summary>Builds the application, and runs it until the process is told to stop.</summary>
    /// <returns>The exit code: 1 when the gateway does not start, for a reason that the last line on standard error then names.</returns>
    public static async Task<int> RunAsync(Func<WebApplication> build)
    {
        WebApplication? app = null;
        var hasStarted = false;
        try
        {
            app = build();
            await app.StartAsync();
            hasStarted = true;
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception failure) when (IsOwnProcess && !hasStarted && StartFault.Describe(failure) is { } fault)
        {
            await Console.Error.WriteLineAsync(fault);
            return 1;
        }
        finally
        {
            if (app is not null)
            {
                await app.DisposeAsync();
            }
        }
    }
}
