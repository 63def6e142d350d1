using System.Globalization;
using System.Reflection;
using Gateway.Api.Configuration;
using Microsoft.Extensions.Options;
using Serilog;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;
using Serilog.Formatting.Json;
using Serilog.Settings.Configuration;

namespace Gateway.Api.Hosting;

/// <summary>Serilog behind the framework's <c>ILogger</c>: levels from the section <c>Serilog</c>, output to the console.</summary>
internal static class LoggingSetup
{
    private const string Off = "Off";
    private static readonly string LevelNames = string.Join(", ", [.. Enum.GetNames<LogEventLevel>(), Off]);

    // Named, so that a start does not look through every assembly for sinks; `Serilog:Using` names others.
    private static readonly Assembly[] Sinks =
        [typeof(ConsoleLoggerConfigurationExtensions).Assembly, typeof(FileLoggerConfigurationExtensions).Assembly];

    private const string TextTemplate = "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}{Exception}";
    private const string TracedTemplate = "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj} trace_id={TraceId}{NewLine}{Exception}";

    /// <summary>Replaces the default providers.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="format">One of <see cref="LogFormats"/>.</param>
    /// <exception cref="OptionsValidationException">A level is none. Serilog would say so with the value, which may be a secret that went
    /// astray.</exception>
    public static void AddGatewayLogging(this WebApplicationBuilder builder, string format)
    {
        string[] faults = [.. Faults(builder.Configuration)];
        if (faults.Length > 0)
        {
            throw new OptionsValidationException("Serilog", typeof(LogEventLevel), faults);
        }

        ITextFormatter formatter = format == LogFormats.Json
            ? new JsonFormatter(renderMessage: true, formatProvider: CultureInfo.InvariantCulture)
            : new TextLogFormatter();

        // The gRPC server calls a client's broken message an error of its own, with a stack trace; what is an error, ForwardHandler logs.
        // Of health, whoever asks is told. With the host's category on, it makes an Activity and a log scope for every request, which
        // nothing here reads: requests have an id of their own, and one line.
        builder.Services.AddSerilog(
            (services, logger) => logger
                .MinimumLevel.Information()
                .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
                .MinimumLevel.Override("Microsoft.AspNetCore.Hosting.Diagnostics", LevelAlias.Off)
                .MinimumLevel.Override("Grpc", LevelAlias.Off)
                .MinimumLevel.Override("Microsoft.Extensions.Diagnostics.HealthChecks", LevelAlias.Off)
                .ReadFrom.Configuration(builder.Configuration, new ConfigurationReaderOptions(Sinks))
                .ReadFrom.Services(services)
                .Filter.ByExcluding(IsStartFault)
                .WriteTo.Async(sinks => sinks.Console(formatter)),
            preserveStaticLogger: true);
    }

    /// <summary>What is wrong with the levels, one sentence each.</summary>
    public static IEnumerable<string> Faults(IConfiguration configuration) =>
        Levels(configuration.GetSection("Serilog:MinimumLevel")).Where(IsNone).Select(level => $"{level.Path} is one of {LevelNames}.");

    // The level of all, in either form, and those of categories.
    private static IEnumerable<IConfigurationSection> Levels(IConfigurationSection section) =>
        [section, section.GetSection("Default"), .. section.GetSection("Override").GetChildren()];

    private static bool IsNone(IConfigurationSection level) =>
        level.Value is { Length: > 0 } value
            && !value.Equals(Off, StringComparison.OrdinalIgnoreCase)
            && !Enum.TryParse<LogEventLevel>(value, ignoreCase: true, out _);

    // The host's own telling of what stops the start: with a stack trace, where the last line on standard error is a sentence.
    private static bool IsStartFault(LogEvent entry) =>
        entry.Properties.GetValueOrDefault("EventId") is StructureValue id
        && id.Properties.Any(part => part.Value is ScalarValue { Value: "HostedServiceStartupFaulted" });

    /// <summary>Text for people; beside traces, each line of a request has the trace's id.</summary>
    private sealed class TextLogFormatter : ITextFormatter
    {
        private readonly MessageTemplateTextFormatter _plain = new(TextTemplate, CultureInfo.InvariantCulture);
        private readonly MessageTemplateTextFormatter _traced = new(TracedTemplate, CultureInfo.InvariantCulture);

        public void Format(LogEvent logEvent, TextWriter output) => (logEvent.TraceId is null ? _plain : _traced).Format(logEvent, output);
    }
}
