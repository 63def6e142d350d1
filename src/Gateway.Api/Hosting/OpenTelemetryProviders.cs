using System.Diagnostics;
using Gateway.Api.Lifetime;
using Gateway.Api.Logging;
using Gateway.Core.Upstream.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
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
    private const string Path = "url.path";

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
            metrics.AddMeter(UpstreamTelemetry.Name, Server, Connections, Client, Runtime);
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
    public static void AddTraces(WebApplicationBuilder builder)
    {
        // Baggage is not passed on: only what W3C's Trace Context has.
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());
        builder.Services.AddOpenTelemetry().ConfigureResource(Describe).WithTracing(traces => traces
            .AddSource(UpstreamTelemetry.Name)
            .AddAspNetCoreInstrumentation(server =>
            {
                server.RecordException = false; // its text may repeat what a client sent
                server.EnrichWithHttpResponse = (span, response) => Enrich(span, response.HttpContext);
            })
            .AddOtlpExporter());
    }

    private static void Describe(ResourceBuilder resource) => resource.AddService(ServiceName, serviceVersion: GatewayVersion.Number);

    // Ids stay out of traces, as out of the log; and nobody knows what a path holds that is none of the gateway's.
    private static void Enrich(Activity span, HttpContext http)
    {
        if (http.Features.Get<RequestRecord>() is not { } record)
        {
            return;
        }

        var route = record.Route ?? (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        span.SetTag(Path, route)
            .SetTag("gateway.request_id", http.TraceIdentifier)
            .SetTag("gateway.tenant", record.Tenant)
            .SetTag("gateway.key", record.KeyName is { Length: > 0 } key ? key : null)
            .SetTag("gateway.model", record.Model)
            .SetTag("gateway.rpc", record.Rpc)
            .SetTag("clarifai.status_code", record.Outcome == 0 ? null : record.Outcome);
        if (record.GrpcStatus is { } status)
        {
            span.SetTag("rpc.response.status_code", status.ToString());
        }
    }
}
