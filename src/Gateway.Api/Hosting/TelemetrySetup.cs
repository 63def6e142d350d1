using Gateway.Api.Configuration;

namespace Gateway.Api.Hosting;

/// <summary>
/// Decides who collects what the gateway measures and traces. Where nobody does, OpenTelemetry is not even loaded.
/// </summary>
internal static class TelemetrySetup
{
    private const string Otlp = "otlp";
    private const string None = "none";

    private static readonly string[] Exporters = ["OTEL_METRICS_EXPORTER", "OTEL_TRACES_EXPORTER"];

    /// <summary>Adds collectors, as the settings and OpenTelemetry's own variables have it.</summary>
    public static void AddGatewayTelemetry(this WebApplicationBuilder builder, TelemetryOptions options)
    {
        var isOff = bool.TryParse(builder.Configuration["OTEL_SDK_DISABLED"], out var disabled) && disabled;
        var sendsMetrics = !isOff && Sends(builder.Configuration, "METRICS");
        var sendsTraces = !isOff && Sends(builder.Configuration, "TRACES");
        if (options.Prometheus || sendsMetrics)
        {
            OpenTelemetryProviders.AddMetrics(builder, options.Prometheus, sendsMetrics);
            builder.Services.AddHostedService<StateTelemetry>();
        }

        if (sendsTraces)
        {
            OpenTelemetryProviders.AddTraces(builder);
        }
    }

    /// <summary>What is wrong with OpenTelemetry's variables, as far as the gateway reads them itself; one sentence each.</summary>
    public static IEnumerable<string> Faults(IConfiguration configuration) =>
        Exporters.Where(variable => configuration[variable] is { Length: > 0 } and not (Otlp or None))
            .Select(variable => $"{variable} is {Otlp} or {None}; Prometheus is Gateway:Telemetry:Prometheus.");

    // OpenTelemetry's default is to send to this machine. Who has not said so does not expect it.
    private static bool Sends(ConfigurationManager configuration, string signal) => configuration[$"OTEL_{signal}_EXPORTER"] switch
    {
        Otlp => true,
        None => false,
        _ => configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 }
            || configuration[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"] is { Length: > 0 },
    };
}
