using Gateway.Api.Lifetime;
using Gateway.Core.Upstream.Telemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Gateway.Api.Hosting;

/// <summary>OpenTelemetry's own collectors, with what of the libraries around is worth its price.</summary>
internal static class OpenTelemetryProviders
{
    private const string ServiceName = "clarifai-gateway";
    private const string Server = "Microsoft.AspNetCore.Hosting";
    private const string Connections = "Microsoft.AspNetCore.Server.Kestrel";
    private const string Client = "System.Net.Http";
    private const string Runtime = "System.Runtime";

    // What is measured twice, or of every request though nobody asks for it.
    private static readonly string[] LeftOut =
    [
        "http.server.active_requests", // gateway.requests.active
        "http.client.request.duration", // rpc.client.call.duration
        "http.client.active_requests",
        "http.client.request.time_in_queue",
        "http.client.connection.duration",
    ];

    /// <summary>Collects metrics.</summary>
    /// <param name="isAsked">Whether Prometheus asks for them.</param>
    /// <param name="isSent">Whether they are sent by OTLP.</param>
    public static void AddMetrics(WebApplicationBuilder builder, bool isAsked, bool isSent) =>
        builder.Services.AddOpenTelemetry().ConfigureResource(Describe).WithMetrics(metrics =>
        {
            metrics.AddMeter(GatewayTelemetry.Name, Server, Connections, Client, Runtime);
            foreach (var instrument in LeftOut)
            {
                metrics.AddView(instrument, MetricStreamConfiguration.Drop);
            }

            if (isAsked)
            {
                metrics.AddPrometheusExporter();
            }

            if (isSent)
            {
                metrics.AddOtlpExporter();
            }
        });

    /// <summary>Collects traces, and sends them by OTLP.</summary>
    public static void AddTraces(WebApplicationBuilder builder) => builder.Services.AddOpenTelemetry().ConfigureResource(Describe)
        .WithTracing(traces => traces.AddSource(GatewayTelemetry.Name).AddOtlpExporter());

    // The variables have the last word.
    private static void Describe(ResourceBuilder resource) =>
        resource.AddService(ServiceName, serviceVersion: GatewayVersion.Number).AddEnvironmentVariableDetector();
}
