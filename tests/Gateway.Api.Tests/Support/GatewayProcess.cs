using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Channels;

namespace Gateway.Api.Tests.Support;

/// <summary>The gateway as a process of its own, which can be told to stop as an operator would.</summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<string> _output = [];
    private Task<string> _error = Task.FromResult("");

    private GatewayProcess(Process process) => _process = process;

    /// <summary>An environment without variables of the test's own.</summary>
    public static IReadOnlyDictionary<string, string> NoVariables { get; } = new Dictionary<string, string>();

    /// <summary>The process's id.</summary>
    public int Id => _process.Id;

    public Uri Address { get; private set; } = new("http://nowhere");

    /// <summary>The lines of standard output that <see cref="LineAsync"/> has read, and those before the gateway listened.</summary>
    public IReadOnlyList<string> Output => _output;

    public static Task<GatewayProcess> StartAsync(Uri upstream, params string[] settings) => StartAsync(upstream, NoVariables, settings);

    public static Task<GatewayProcess> StartAsync(Uri upstream, IReadOnlyDictionary<string, string> variables, params string[] settings) => StartAsync(
        AppContext.BaseDirectory, variables, ["--urls", "http://127.0.0.1:0", "--Gateway:Upstream:Address", upstream.ToString(), .. settings]);

    /// <summary>Starts one that may have only so many descriptors, as a shell says it, and waits until it listens.</summary>
    public static async Task<GatewayProcess> StartAsync(Uri upstream, int descriptors)
    {
        var program = Info(AppContext.BaseDirectory, NoVariables, ["--urls", "http://127.0.0.1:0", "--Gateway:Upstream:Address", upstream.ToString()]);
        var shell = new ProcessStartInfo("sh", ["-c", $"ulimit -n {descriptors}; exec \"$@\"", "sh", program.FileName, .. program.ArgumentList])
        {
            WorkingDirectory = program.WorkingDirectory,
        };
        var gateway = Of(shell);
        await gateway.ListenAsync();
        return gateway;
    }

    /// <summary>Starts one, and waits until it listens.</summary>
    /// <param name="folder">Its working directory, whose settings it reads if it has any.</param>
    /// <param name="variables">What it has in its environment.</param>
    /// <param name="settings">Its arguments.</param>
    public static async Task<GatewayProcess> StartAsync(string folder, IReadOnlyDictionary<string, string> variables, params string[] settings)
    {
        var gateway = Launch(folder, variables, settings);
        await gateway.ListenAsync();
        return gateway;
    }

    /// <summary>Starts one, and waits for nothing.</summary>
    public static GatewayProcess Launch(string folder, IReadOnlyDictionary<string, string> variables, params string[] settings) =>
        Of(Info(folder, variables, settings));

    /// <summary>Starts a command, whose arguments are these alone, and waits for nothing.</summary>
    public static GatewayProcess LaunchCommand(string folder, params string[] arguments) =>
        Of(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Gateway.Api.dll"), .. arguments]) { WorkingDirectory = folder });

    /// <summary>Runs one that ends by itself: its exit code, and what it wrote.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(string folder, IReadOnlyDictionary<string, string> variables, params string[] settings)
    {
        using var process = Process.Start(Info(folder, variables, settings))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(StreamTesting.Limit);
            return (process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    /// <summary>The next line of standard output that has a text in it.</summary>
    public async Task<string> LineAsync(string text)
    {
        using var limit = new CancellationTokenSource(StreamTesting.Limit);
        await foreach (var line in _lines.Reader.ReadAllAsync(limit.Token))
        {
            _output.Add(line);
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"The gateway ended without a line that has '{text}'; it wrote: {string.Join('\n', _output)}");
    }

    /// <summary>All lines of standard output, once it has ended.</summary>
    public async Task<IReadOnlyList<string>> EndAsync()
    {
        using var limit = new CancellationTokenSource(StreamTesting.Limit);
        await foreach (var line in _lines.Reader.ReadAllAsync(limit.Token))
        {
            _output.Add(line);
        }

        return _output;
    }

    /// <summary>What it wrote to standard error, once it has ended.</summary>
    public Task<string> ErrorAsync() => _error;

    /// <summary>Sends SIGTERM.</summary>
    public Task TerminateAsync() => SignalAsync("-TERM");

    /// <summary>Sends SIGINT, as Ctrl+C does.</summary>
    public Task InterruptAsync() => SignalAsync("-INT");

    /// <summary>Ends it at once, as a crash does (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>The exit code, once it has stopped.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    private static GatewayProcess Of(ProcessStartInfo start)
    {
        Redirect(start);
        var process = Process.Start(start)!;
        var gateway = new GatewayProcess(process);
        _ = gateway.ReadAsync();
        gateway._error = process.StandardError.ReadToEndAsync(); // a full pipe would stop it
        return gateway;
    }

    private static ProcessStartInfo Info(string folder, IReadOnlyDictionary<string, string> variables, string[] settings)
    {
        var start = new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "Gateway.Api.dll"), "--Gateway:Grpc:Url", "http://127.0.0.1:0", .. settings])
        {
            WorkingDirectory = folder,
        };
        Redirect(start);
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static void Redirect(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.StandardOutputEncoding = start.StandardErrorEncoding = Encoding.UTF8;
    }

    private async Task ListenAsync()
    {
        var banner = Banner().Match(await LineAsync("Gateway at "));
        Address = new Uri(banner.Groups[1].Value);
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _lines.Writer.TryWrite(line);
        }

        _lines.Writer.TryComplete();
    }

    [GeneratedRegex("Gateway at (http[^ ,]+)")]
    private static partial Regex Banner();
}
