using System.ComponentModel.DataAnnotations;

namespace Gateway.Api.Configuration;

/// <summary>
/// What the gateway tells its operators. Where OpenTelemetry's exporter sends to is said by its own variables, <c>OTEL_*</c>.
/// </summary>
internal sealed class TelemetryOptions
{
    /// <summary>Whether Prometheus finds metrics at <c>/metrics</c> of the admin API's port.</summary>
    public bool Prometheus { get; set; }

    /// <summary>
    /// The SHA-256 of a key that opens the metrics and nothing else, as 64 hex digits. The admin API's key opens them in any case.
    /// </summary>
    public string? MetricsKeySha256 { get; set => field = value?.Trim(); }

    /// <summary>Whether answers say in <c>Server-Timing</c> how long the gateway itself took.</summary>
    public bool ServerTiming { get; set; }

    /// <summary>How many models the metrics tell apart; the first that answer.</summary>
    [Range(0, 10_000, ErrorMessage = "{0} is a whole number from {1} to {2}.")]
    public int MaxModels { get; set; } = 100;
}
