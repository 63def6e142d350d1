using System.Diagnostics.Metrics;
using System.Globalization;
using Gateway.Api.Configuration;
using Gateway.Core.Upstream.Telemetry;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Telemetry;

/// <summary>
/// What is measured of requests besides what the server measures itself: how many there are, and what the gateway adds to the time that
/// models and clients take. Thread-safe.
/// </summary>
internal sealed class RequestTelemetry
{
    private readonly Histogram<double> _overhead;
    private readonly TimeProvider _time;
    private readonly bool _tellsClients;
    private int _active;

    /// <summary>Makes the instruments.</summary>
    public RequestTelemetry(IMeterFactory meters, IOptions<GatewayOptions> options, TimeProvider time)
    {
        _time = time;
        var meter = GatewayTelemetry.Meter(meters);
        _overhead = meter.CreateHistogram(
            "gateway.request.overhead",
            "s",
            "The time of a request that was spent neither waiting for its client nor for the upstream",
            advice: Durations.SmallBuckets);
        meter.CreateObservableUpDownCounter(
            "gateway.requests.active", () => Volatile.Read(ref _active), "{request}", "Requests in flight");
        _tellsClients = options.Value.Telemetry.ServerTiming;
    }

    /// <summary>Begins a request; <see cref="End"/> ends it.</summary>
    /// <returns>The clock of its waits; null when nobody wants to know.</returns>
    public WaitClock? Begin(HttpContext http)
    {
        Interlocked.Increment(ref _active);
        if (!_overhead.Enabled && !_tellsClients)
        {
            return null;
        }

        var clock = new WaitClock(_time);
        if (_tellsClients)
        {
            http.Response.OnStarting(static state => WriteAsync(((HttpContext, WaitClock))state), (http, clock));
        }

        return clock;
    }

    /// <summary>Ends a request.</summary>
    /// <param name="clock">The clock of its waits; null when they are not known.</param>
    /// <param name="grpc">How it ended as a call of gRPC, whose HTTP status says nothing; null for other requests.</param>
    public void End(HttpContext http, WaitClock? clock, StatusCode? grpc)
    {
        Interlocked.Decrement(ref _active);
        if (grpc is { } status && http.Features.Get<IHttpMetricsTagsFeature>() is { } server)
        {
            server.Tags.Add(new("rpc.response.status_code", UpstreamTelemetry.NameOf(status)));
        }

        if (clock is not null)
        {
            _overhead.Record(clock.Own.TotalSeconds);
        }
    }

    // W3C Server Timing, 3: a duration in milliseconds. What comes after the headers is not in it.
    private static Task WriteAsync((HttpContext Http, WaitClock Clock) request)
    {
        var milliseconds = request.Clock.Own.TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture);
        var retries = request.Clock.Retries is > 0 and var count ? $", retries;desc={count.ToString(CultureInfo.InvariantCulture)}" : "";
        request.Http.Response.Headers.Append("Server-Timing", $"gateway;dur={milliseconds}{retries}");
        return Task.CompletedTask;
    }
}
