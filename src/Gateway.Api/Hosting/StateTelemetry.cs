using System.Diagnostics.Metrics;
using Gateway.Api.Memory;
using Gateway.Api.Stored;
using Gateway.Api.Upstream;
using Gateway.Api.Usage;
using Gateway.Core.Upstream.Telemetry;

namespace Gateway.Api.Hosting;

/// <summary>What is measured by looking, when somebody collects: how things stand, rather than what happens.</summary>
internal sealed class StateTelemetry(
    IMeterFactory meters, UpstreamTarget upstream, ByteBudget memory, UsageBook usage, LimitSharing sharing) : IHostedService
{
    private const string AddressState = "gateway.address.state";

    /// <summary>Makes the instruments, once there is something to look at.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = GatewayTelemetry.Meter(meters);
        meter.CreateObservableGauge("gateway.upstream.addresses", Addresses, "{address}", "Addresses of the upstream");
        meter.CreateObservableGauge("gateway.memory.used", () => memory.Used, "By", "Bytes that requests hold");
        meter.CreateObservableGauge("gateway.memory.limit", () => memory.ForAll, "By", "Bytes that requests may hold");
        meter.CreateObservableGauge(
            "gateway.budget.used", () => Budgets(level => level.Used), description: "What tenants used of this month's budgets");
        meter.CreateObservableGauge(
            "gateway.budget.limit", () => Budgets(level => level.Limit), description: "What tenants may use this month");
        meter.CreateObservableGauge(
            "gateway.limits.leased",
            Leased,
            description: "1 while replicas share limits, 0 while each has its own; nothing where they never do");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<Measurement<int>> Addresses()
    {
        var ejected = upstream.Cluster.EjectedAddresses;
        yield return new Measurement<int>(upstream.Cluster.Addresses - ejected, new KeyValuePair<string, object?>(AddressState, "usable"));
        yield return new Measurement<int>(ejected, new KeyValuePair<string, object?>(AddressState, "ejected"));
    }

    private IEnumerable<Measurement<long>> Budgets(Func<BudgetLevel, long> value) => usage.Levels().Select(level => new Measurement<long>(
        value(level), new("gateway.tenant", level.Tenant), new("gateway.measure", MeasureText.LabelOf(level.Measure))));

    private IEnumerable<Measurement<int>> Leased() => sharing.IsSharing is { } isSharing ? [new Measurement<int>(isSharing ? 1 : 0)] : [];
}
