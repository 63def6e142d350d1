using System.Threading.Channels;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Logging;

namespace Gateway.Api.Tests.Support;

/// <summary>The lines that one class of a gateway logs, as they come.</summary>
/// <param name="category">The full name of the class.</param>
internal sealed class LoggedLines(string category) : ILoggerProvider, ILogger
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    /// <summary>Adds itself to a gateway.</summary>
    public void Install(IWebHostBuilder host) => host.ConfigureTestServices(services => services.AddRecorder(this));

    public Task<string> NextAsync() => _lines.Reader.ReadAsync().AsTask().WaitAsync(StreamTesting.Limit);

    public ILogger CreateLogger(string categoryName) => categoryName == category ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Writer.TryWrite(formatter(state, exception));

    public void Dispose()
    {
    }
}
