using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Gateway.Bench.Peers;
using Gateway.Bench.Workloads;

namespace Gateway.Bench.Capacity;

/// <summary>Sends a workload's request, each on a connection that has none.</summary>
internal sealed class OpenLoad(Uri address, Workload workload) : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly byte[] _request =
    [
        .. Encoding.ASCII.GetBytes(
            $"POST {workload.Path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Key {Peer.Key}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {workload.Body.Length}\r\n\r\n"),
        .. workload.Body,
    ];

    private readonly ConcurrentStack<OpenConnection> _idle = [];

    /// <summary>Sends at a rate for a while, whatever becomes of those before: what is due since the tick before, at once.</summary>
    public async Task<OpenLoadResult> RunAsync(double perSecond, TimeSpan time)
    {
        var started = Stopwatch.GetTimestamp();
        var arrivals = new List<TimeSpan>();
        var requests = new List<Task<TimeSpan>>();
        using var timer = new PeriodicTimer(Tick);
        while (Stopwatch.GetElapsedTime(started) is var elapsed && elapsed < time)
        {
            while (requests.Count < elapsed.TotalSeconds * perSecond)
            {
                arrivals.Add(elapsed);
                requests.Add(AskAsync());
            }

            await timer.WaitForNextTickAsync();
        }

        var latencies = await Task.WhenAll(requests);
        return new OpenLoadResult(arrivals, latencies, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Sends for a while, always as many at a time as the workload has in flight.</summary>
    public async Task<OpenLoadResult> SaturateAsync(TimeSpan time)
    {
        var started = Stopwatch.GetTimestamp();
        var latencies = await Task.WhenAll(Enumerable.Range(0, workload.InFlight).Select(_ => AskOnAsync(started, time)));
        return new OpenLoadResult([], [.. latencies.SelectMany(of => of)], Stopwatch.GetElapsedTime(started));
    }

    public void Dispose()
    {
        foreach (var connection in _idle)
        {
            connection.Dispose();
        }
    }

    private async Task<List<TimeSpan>> AskOnAsync(long started, TimeSpan time)
    {
        var latencies = new List<TimeSpan>();
        while (Stopwatch.GetElapsedTime(started) < time)
        {
            latencies.Add(await AskAsync());
        }

        return latencies;
    }

    private async Task<TimeSpan> AskAsync()
    {
        var began = Stopwatch.GetTimestamp();
        if (!_idle.TryPop(out var connection))
        {
            connection = await OpenConnection.OpenAsync(address);
        }

        await connection.ExchangeAsync(_request);
        _idle.Push(connection);
        return Stopwatch.GetElapsedTime(began);
    }
}
