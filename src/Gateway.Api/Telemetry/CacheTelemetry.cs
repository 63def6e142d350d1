using System.Diagnostics;
using System.Diagnostics.Metrics;
using Gateway.Core.Upstream.Telemetry;

namespace Gateway.Api.Telemetry;

/// <summary>What is measured of what the gateway keeps, and of loading models' methods. Thread-safe.</summary>
internal sealed class CacheTelemetry
{
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _loads;

    /// <summary>Makes the instruments.</summary>
    public CacheTelemetry(IMeterFactory meters)
    {
        var meter = GatewayTelemetry.Meter(meters);
        _requests = meter.CreateCounter<long>("gateway.cache.requests", "{request}", "How often something was asked for that may be kept");
        _loads = meter.CreateHistogram(
            "gateway.signature.load.duration", "s", "How long asking for a model's methods took", advice: Durations.Buckets);
    }

    /// <summary>Notes that something was asked for.</summary>
    /// <param name="cache">What it is one of.</param>
    /// <param name="isThere">Whether it was there.</param>
    public void NoteRequest(string cache, bool isThere) =>
        _requests.Add(1, new("gateway.cache", cache), new("gateway.cache.result", isThere ? "hit" : "miss"));

    /// <summary>Notes that a model's methods were asked for.</summary>
    /// <param name="began">When: a timestamp of <see cref="Stopwatch"/>.</param>
    /// <param name="error">Why they did not come, out of few; null when they did.</param>
    public void NoteLoad(long began, string? error)
    {
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        if (error is null)
        {
            _loads.Record(seconds);
        }
        else
        {
            _loads.Record(seconds, new KeyValuePair<string, object?>("error.type", error));
        }
    }
}
