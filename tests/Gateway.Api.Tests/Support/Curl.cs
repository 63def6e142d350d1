using System.Diagnostics;

namespace Gateway.Api.Tests.Support;

/// <summary>curl, which keeps to the protocols where the platform's own client forgives.</summary>
internal static class Curl
{
    /// <summary>Makes a request.</summary>
    /// <returns>The exit code, and what it printed.</returns>
    public static async Task<(int Exit, string Output)> RunAsync(params string[] arguments)
    {
        using var curl = Process.Start(new ProcessStartInfo("curl", ["--silent", "--max-time", "30", .. arguments]) { RedirectStandardOutput = true })!;
        var output = await curl.StandardOutput.ReadToEndAsync();
        await curl.WaitForExitAsync();
        return (curl.ExitCode, output);
    }
}
