using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Display;

namespace Gateway.Api.Tests.Support;

/// <summary>Hands what the gateway logs to a test.</summary>
internal static class RecordedLog
{
    /// <summary>Settings with which the gateway logs whatever there is to log.</summary>
    public static readonly (string Key, string? Value)[] Everything =
    [
        ("Serilog:MinimumLevel:Default", "Verbose"),
        ("Serilog:MinimumLevel:Override:Microsoft", "Verbose"),
        ("Serilog:MinimumLevel:Override:Grpc", "Verbose"),
    ];

    /// <summary>Adds a recorder to where the log goes.</summary>
    public static void AddRecorder(this IServiceCollection services, ILoggerProvider recorder) =>
        services.AddSingleton<ILogEventSink>(new Sink(recorder));

    private sealed class Sink(ILoggerProvider recorder) : ILogEventSink
    {
        private static readonly MessageTemplateTextFormatter Text = new("{Message:l}", CultureInfo.InvariantCulture);

        public void Emit(LogEvent logEvent)
        {
            var text = new StringWriter(CultureInfo.InvariantCulture);
            Text.Format(logEvent, text);
            var category = logEvent.Properties.TryGetValue(Constants.SourceContextPropertyName, out var source) ? source.ToString("l", null) : "";

            var properties = string.Join(' ', logEvent.Properties);

            // Both sides count levels alike.
            recorder.CreateLogger(category).Log((LogLevel)logEvent.Level, default, properties, logEvent.Exception, (_, _) => text.ToString());
        }
    }
}
