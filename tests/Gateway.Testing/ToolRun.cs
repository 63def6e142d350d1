using System.Diagnostics;

namespace Gateway.Testing;

/// <summary>A program that runs to its end.</summary>
public static class ToolRun
{
    /// <summary>Runs it.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="program">What is on the PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>What it printed on standard output.</returns>
    /// <exception cref="InvalidOperationException">It failed; with all that it printed.</exception>
    public static async Task<string> RunAsync(string folder, string program, params string[] arguments)
    {
        using var process = NodePackages.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}\n{await errors}");
    }
}
