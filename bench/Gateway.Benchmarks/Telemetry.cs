using System.Diagnostics.Metrics;
using Gateway.Api.Configuration;
using Gateway.Api.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gateway.Benchmarks;

/// <summary>What is measured while nobody listens.</summary>
internal static class Telemetry
{
    /// <summary>Instruments that nobody listens to.</summary>
    public static MeterTelemetry OfNobody()
    {
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        return new MeterTelemetry(new ModelTelemetry(meters, Options.Create(new GatewayOptions())), new CredentialTelemetry(meters));
    }
}
