using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Gateway.Api.Tests.Support;

/// <summary>The gateway as a process of its own, which can be told to stop as an operator would.</summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    private readonly Process _process;

    private GatewayProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    public static Task<GatewayProcess> StartAsync(Uri upstream, params string[] settings) => StartAsync(upstream, new Dictionary<string, string>(), settings);

    public static async Task<GatewayProcess> StartAsync(Uri upstream, IReadOnlyDictionary<string, string> environment, params string[] settings)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "Gateway.Api.dll"), "--urls", "http://127.0.0.1:0",
                "--Gateway:Grpc:Url", "http://127.0.0.1:0", "--Gateway:Upstream:Address", upstream.ToString(), .. settings,
            ])
        {
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (Banner().Match(line) is { Success: true } banner)
            {
                _ = process.StandardOutput.ReadToEndAsync(); // a full pipe would stop it
                return new GatewayProcess(process, new Uri(banner.Groups[1].Value));
            }
        }

        throw new InvalidOperationException($"The gateway ended with {process.ExitCode} before it listened.");
    }

    /// <summary>Sends SIGTERM.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>The exit code, once it has stopped.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    [GeneratedRegex("^Gateway at (http://[0-9.:]+)")]
    private static partial Regex Banner();
}
