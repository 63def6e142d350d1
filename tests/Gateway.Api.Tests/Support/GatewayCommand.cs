using System.Diagnostics;
using System.Text;

namespace Gateway.Api.Tests.Support;

/// <summary>A command of the command line, run as a user would.</summary>
internal static class GatewayCommand
{
    /// <summary>Runs one in a folder of its own, with nothing on standard input.</summary>
    public static Task<Result> RunAsync(params string[] arguments) => RunAsync(AppContext.BaseDirectory, GatewayProcess.NoVariables, "", arguments);

    /// <summary>Runs one: its exit code, and what it wrote.</summary>
    /// <param name="folder">Its working directory, whose settings it reads if it has any.</param>
    /// <param name="variables">What it has in its environment.</param>
    /// <param name="input">What it reads on standard input.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<Result> RunAsync(
        string folder, IReadOnlyDictionary<string, string> variables, string input, params string[] arguments)
    {
        var start = Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "Gateway.Api.dll"), .. arguments]);
        start.WorkingDirectory = folder;
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return await RunAsync(start, input);
    }

    /// <summary>Any program, whose input and output are the test's.</summary>
    public static ProcessStartInfo Start(string program, params string[] arguments) => new(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        StandardOutputEncoding = Encoding.UTF8,
        StandardErrorEncoding = Encoding.UTF8,
    };

    /// <summary>Runs any program to its end.</summary>
    public static async Task<Result> RunAsync(ProcessStartInfo start, string input = "")
    {
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync().WaitAsync(StreamTesting.Limit);
            return new Result(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>What came of it.</summary>
    internal sealed record Result(int ExitCode, string Output, string Error)
    {
        /// <summary>The lines of standard output.</summary>
        public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
