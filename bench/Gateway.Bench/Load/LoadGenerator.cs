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

    private readonly string _path;
    private readonly int _inFlight;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-bench");

    public LoadGenerator(Workload workload)
        : this(workload.Path, workload.Body, workload.InFlight)
    {
    }

    /// <summary>Sends one request again and again.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="body">Its JSON.</param>
    /// <param name="inFlight">Requests at the same time.</param>
    public LoadGenerator(string path, byte[] body, int inFlight)
    {
        (_path, _inFlight) = (path, inFlight);
        File.WriteAllBytes(BodyFile, body);
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
            "--connections", Text(_inFlight),
            "--duration", Text(time.TotalSeconds) + "s",
            "--timeout", Text(RequestTimeout.TotalSeconds) + "s",
            "--script", ScriptFile,
            new Uri(address, _path).ToString(),
        ];
        using var wrk = Process.Start(new ProcessStartInfo("wrk", arguments) { RedirectStandardOutput = true })!;
        var output = await wrk.StandardOutput.ReadToEndAsync();
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
