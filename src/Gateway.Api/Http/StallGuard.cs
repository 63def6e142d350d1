using System.IO.Pipelines;
using Gateway.Api.Configuration;
using Gateway.Api.Logging;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Http;

/// <summary>
/// Cuts clients that stop reading their answer. Kestrel's own limit is a rate, and counts all that a connection took before: after many
/// fast bytes it would wait for hours.
/// </summary>
internal sealed partial class StallGuard(IOptions<GatewayOptions> options, TimeProvider time, ILogger<StallGuard> logger)
{
    private readonly TimeSpan _limit = options.Value.Limits.StalledClientTimeout;

    /// <summary>Waits for bytes to be taken, and resets the response when that takes too long.</summary>
    public async ValueTask<FlushResult> WatchAsync(HttpContext http, ValueTask<FlushResult> flush)
    {
        using var wait = Begin(http);
        return await flush;
    }

    /// <summary>The same for what a WebSocket sends.</summary>
    public async ValueTask WatchAsync(HttpContext http, ValueTask sending)
    {
        using var wait = Begin(http);
        await sending;
    }

    private Wait Begin(HttpContext http)
    {
        var record = RequestRecord.Of(http);
        record.BeginWait();
        return new Wait(record, time.CreateTimer(_ => Cut(http), state: null, _limit, Timeout.InfiniteTimeSpan));
    }

    private void Cut(HttpContext http)
    {
        LogStalled(http.TraceIdentifier, _limit);
        http.Abort();
    }

    [LoggerMessage(LogLevel.Information, "The client of request {RequestId} took nothing for {Limit}, and was cut")]
    private partial void LogStalled(string requestId, TimeSpan limit);

    // A wait for the client, which counts as its time.
    private readonly struct Wait(RequestRecord record, ITimer timer) : IDisposable
    {
        public void Dispose()
        {
            timer.Dispose();
            record.EndWait();
        }
    }
}
