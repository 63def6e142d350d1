using System.Reflection;
using System.Runtime.InteropServices;

namespace Gateway.Api.Hosting;

/// <summary>The life of the process.</summary>
internal static class GatewayRun
{
    // Where another program starts the gateway, as tests do, what stops the start is that program's to see.
    private static readonly bool IsOwnProcess = Assembly.GetEntryAssembly() == typeof(GatewayRun).Assembly;

    /// <summary>Builds the application, and runs it until the process is told to stop, which it may be before it has started.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="build">Builds the application with its settings.</param>
    /// <returns>
    /// The exit code: 1 when the gateway does not start, <see cref="Arguments.ExitCode"/> when its arguments are the reason; the last line
    /// on standard error then names it.
    /// </returns>
    public static async Task<int> RunAsync(string[] arguments, Func<string[], WebApplication> build)
    {
        var read = Arguments.ReadForServing(arguments);
        if (read.Faults is [var first, ..])
        {
            await Console.Error.WriteLineAsync(first);
            return Arguments.ExitCode;
        }

        using var stop = new CancellationTokenSource();

        // The host listens to signals from its own start on, and the system's answer to them before is to kill.
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        WebApplication? app = null;
        var hasStarted = false;
        try
        {
            app = build(read.Settings);
            await app.StartAsync(stop.Token);
            hasStarted = true;
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (OperationCanceledException) when (!hasStarted && IsToldToStop())
        {
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

        // The host's own ear may be the faster one.
        bool IsToldToStop() => stop.IsCancellationRequested || app?.Lifetime.ApplicationStopping.IsCancellationRequested is true;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }
}
