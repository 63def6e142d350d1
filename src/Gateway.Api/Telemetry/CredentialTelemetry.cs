using System.Diagnostics.Metrics;
using Gateway.Core.Upstream.Telemetry;

namespace Gateway.Api.Telemetry;

/// <summary>What is measured of tenants' tokens, by tenant. Thread-safe.</summary>
internal sealed class CredentialTelemetry
{
    private const string Tenant = "gateway.tenant";

    private readonly Histogram<double> _waits;
    private readonly Counter<long> _refusals;

    /// <summary>Makes the instruments.</summary>
    public CredentialTelemetry(IMeterFactory meters)
    {
        var meter = GatewayTelemetry.Meter(meters);
        _waits = meter.CreateHistogram(
            "gateway.credential.wait.duration", "s", "How long a call waited for its turn, if it had to", advice: Durations.Buckets);
        _refusals = meter.CreateCounter<long>("gateway.credential.refusals", "{call}", "Calls whose token the upstream refused");
    }

    /// <summary>Notes how long a call waited for its turn.</summary>
    public void NoteWait(string tenant, TimeSpan wait) =>
        _waits.Record(wait.TotalSeconds, new KeyValuePair<string, object?>(Tenant, tenant));

    /// <summary>Notes that the upstream refused a tenant's token.</summary>
    public void NoteRefusal(string tenant) => _refusals.Add(1, new KeyValuePair<string, object?>(Tenant, tenant));
}
