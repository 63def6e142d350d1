using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Bench.Peers;

/// <summary>A peer in a process of its own, on a core of its own, and what the kernel and the probe tell of it. Linux only.</summary>
public sealed class PeerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string? _probe;

    private PeerProcess(Peer peer, Process process, Uri address, string? probe)
    {
        (Peer, _process, Address, _probe) = (peer, process, address, probe);
    }

    public Peer Peer { get; }

    public Uri Address { get; }

    /// <summary>Processor time used so far, user and kernel.</summary>
    public TimeSpan Cpu => CpuClock.Read(_process.Id);

    /// <summary>Resident memory now, in bytes.</summary>
    public long Memory => Status("VmRSS:");

    /// <summary>The most resident memory since <see cref="ForgetPeak"/>, in bytes.</summary>
    public long PeakMemory => Status("VmHWM:");

    /// <summary>Starts a peer and waits until it listens.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="workload">What it will be asked for.</param>
    /// <param name="upstream">Where it calls.</param>
    /// <param name="core">The core that it gets.</param>
    public static async Task<PeerProcess> StartAsync(Peer peer, string workload, Uri upstream, int core)
    {
        var port = FreePort();
        var address = new Uri($"http://127.0.0.1:{port}");
        var probe = peer.IsDotnet ? Path.Combine(Path.GetTempPath(), $"gateway-bench-{port}.socket") : null;
        var start = new ProcessStartInfo("taskset", ["-c", core.ToString(CultureInfo.InvariantCulture), .. peer.Command(address, upstream, workload)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove(RecordingUpstream.InlineCompletions);
        foreach ((var name, var value) in peer.Environment(address, upstream))
        {
            start.Environment[name] = value;
        }

        if (probe is not null)
        {
            start.Environment["DOTNET_STARTUP_HOOKS"] = Path.Combine(AppContext.BaseDirectory.Replace("Gateway.Bench", "Gateway.Bench.Probe", StringComparison.Ordinal), "Gateway.Bench.Probe.dll");
            start.Environment["BENCH_PROBE"] = probe;

            // On one core tier-up would otherwise wait until the process idles, which under load it never does; and threads that spin before they
            // sleep would count as work.
            start.Environment["DOTNET_TC_CallCountingDelayMs"] = "0";
            start.Environment["DOTNET_TC_CallCountThreshold"] = "2000"; // hexadecimal
            start.Environment["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0";
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => { };
        process.ErrorDataReceived += (_, line) =>
        {
            if (!string.IsNullOrWhiteSpace(line.Data))
            {
                Console.Error.WriteLine($"{peer.Name}: {line.Data}");
            }
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await WaitUntilListening(process, port);
        return new PeerProcess(peer, process, address, probe);
    }

    /// <summary>Starts the measurement of <see cref="PeakMemory"/> again.</summary>
    public void ForgetPeak() => File.WriteAllText($"/proc/{_process.Id}/clear_refs", "5");

    /// <summary>Bytes allocated since the start; null where there is no probe.</summary>
    public async Task<long?> AllocatedAsync()
    {
        if (_probe is null)
        {
            return null;
        }

        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_probe));
        var bytes = new byte[sizeof(long)];
        await socket.ReceiveAsync(bytes);
        return BitConverter.ToInt64(bytes);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        if (_probe is not null)
        {
            File.Delete(_probe);
        }
    }

    private long Status(string name)
    {
        string line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return 1024 * long.Parse(line[name.Length..^"kB".Length], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
    }

    /// <summary>An address that nobody has just now.</summary>
    public static Uri FreeAddress() => new($"http://127.0.0.1:{FreePort()}");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task WaitUntilListening(Process process, int port)
    {
        for (var i = 0; i < 3000; i++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (!process.HasExited)
            {
                await Task.Delay(10);
            }
        }

        throw new InvalidOperationException($"{process.StartInfo.FileName} does not listen.");
    }
}
