using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Gateway.Testing;

/// <summary>A running program of tests/foreign, which speaks line by line on standard output.</summary>
public sealed class NodeProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private NodeProgram(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts a script of tests/foreign; its packages are installed first if need be.</summary>
    public static async Task<NodeProgram> StartAsync(string script, params string[] arguments)
    {
        await NodePackages.Foreign.EnsureInstalledAsync();
        return new NodeProgram(NodePackages.Start(new ProcessStartInfo("node", [script, .. arguments])
        {
            WorkingDirectory = NodePackages.Foreign.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        }));
    }

    /// <summary>The next line; throws with what stands on standard error when there is none.</summary>
    public async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync() ??
        throw new InvalidOperationException($"The program ended and said no more.\n{await _errors}");

    /// <summary>The address of a server, which says <c>listening &lt;port&gt;</c> first.</summary>
    public async Task<Uri> ReadAddressAsync()
    {
        var line = await ReadLineAsync();
        var port = int.Parse(line.AsSpan("listening ".Length), CultureInfo.InvariantCulture);
        return new Uri($"http://127.0.0.1:{port}");
    }

    /// <summary>Stops the program where it is, as a host that hangs would be: its connections stay open, and nobody answers. Not on Windows.</summary>
    public async Task FreezeAsync()
    {
        using var kill = Process.Start("kill", ["-STOP", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Ends the program, if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
