using System.Diagnostics;
using System.Globalization;
using Gateway.Bench.Peers;
using Gateway.Bench.Workloads;

namespace Gateway.Bench.Load;

/// <summary>
/// Sends a workload's requests, always as many at the same time, each on a connection of its own. Uses wrk, which takes far less time for a
/// request than any peer: with a slower one the peer would idle between requests, and pay for waking up.
/// </summary>
public sealed class LoadGenerator : IDisposable
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromMinutes(1);

    private readonly Workload _workload;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-bench");

    public LoadGenerator(Workload workload)
    {
        _workload = workload;
        File.WriteAllBytes(BodyFile, workload.Body);
        File.WriteAllText(ScriptFile, Script());
    }

    private string BodyFile => Path.Combine(_folder.FullName, "body.json");

    private string ScriptFile => Path.Combine(_folder.FullName, "load.lua");

    /// <summary>Sends for some time. Every answer must be a success.</summary>
    public async Task<LoadResult> RunAsync(Uri address, TimeSpan time)
    {
        string[] arguments =
        [
            "--threads", "1",
            "--connections", Text(_workload.InFlight),
            "--duration", Text(time.TotalSeconds) + "s",
            "--timeout", Text(RequestTimeout.TotalSeconds) + "s",
            "--script", ScriptFile,
            new Uri(address, _workload.Path).ToString(),
        ];
        using Process wrk = Process.Start(new ProcessStartInfo("wrk", arguments) { RedirectStandardOutput = true })!;
        string output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        return LoadResult.Parse(output.Split('\n').Last(line => line.StartsWith(LoadResult.Mark, StringComparison.Ordinal)));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);

    private string Script() => $$"""
        wrk.method = "POST"
        wrk.body = io.open("{{BodyFile}}", "rb"):read("*a")
        wrk.headers["Content-Type"] = "application/json"
        wrk.headers["Authorization"] = "Key {{Peer.Key}}"
        function done(summary, latency)
          local errors = summary.errors
          print("{{LoadResult.Mark}}", summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
            errors.connect + errors.read + errors.write + errors.status + errors.timeout)
        end
        """;
}
