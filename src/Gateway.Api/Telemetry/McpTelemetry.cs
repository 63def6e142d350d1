using System.Collections.Frozen;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Gateway.Core.Upstream.Telemetry;

namespace Gateway.Api.Telemetry;

/// <summary>What is measured of MCP, by OpenTelemetry's conventions for it (semantic conventions 1.40). Thread-safe.</summary>
internal sealed class McpTelemetry
{
    private const string Method = "mcp.method.name";

    // What MCP's revisions have; a client can write any name.
    private static readonly FrozenSet<string> Methods = FrozenSet.Create(
        "initialize",
        "ping",
        "server/discover",
        "tools/list",
        "tools/call",
        "resources/list",
        "resources/read",
        "resources/templates/list",
        "resources/subscribe",
        "resources/unsubscribe",
        "prompts/list",
        "prompts/get",
        "completion/complete",
        "logging/setLevel",
        "notifications/initialized",
        "notifications/cancelled",
        "notifications/progress",
        "notifications/roots/list_changed");

    private readonly Histogram<double> _operations;

    /// <summary>Makes the instrument.</summary>
    public McpTelemetry(IMeterFactory meters) =>
        _operations = GatewayTelemetry.Meter(meters).CreateHistogram(
            "mcp.server.operation.duration", "s", "The time from a message of MCP to its answer", advice: Durations.Buckets);

    /// <summary>Notes a message that was answered, or taken.</summary>
    /// <param name="method">What it asked for; null for an answer.</param>
    /// <param name="began">When: a timestamp of <see cref="Stopwatch"/>.</param>
    public void Note(string? method, long began)
    {
        if (_operations.Enabled && method is not null)
        {
            _operations.Record(
                Stopwatch.GetElapsedTime(began).TotalSeconds,
                new KeyValuePair<string, object?>(Method, Methods.Contains(method) ? method : GatewayTelemetry.Other));
        }
    }
}
