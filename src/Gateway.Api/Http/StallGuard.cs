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
        await using var timer = Begin(http);
        try
        {
            return await flush;
        }
        finally
        {
            RequestRecord.Of(http).EndWait();
        }
    }

    /// <summary>The same for what a WebSocket sends.</summary>
    public async ValueTask WatchAsync(HttpContext http, ValueTask sending)
    {
        await using var timer = Begin(http);
        try
        {
            await sending;
        }
        finally
        {
            RequestRecord.Of(http).EndWait();
        }
    }

    private ITimer Begin(HttpContext http)
    {
        RequestRecord.Of(http).BeginWait();
        return time.CreateTimer(_ => Cut(http), state: null, _limit, Timeout.InfiniteTimeSpan);
    }

    private void Cut(HttpContext http)
    {
        LogStalled(http.TraceIdentifier, _limit);
        http.Abort();
    }

    [LoggerMessage(LogLevel.Information, "The client of request {RequestId} took nothing for {Limit}, and was cut")]
    private partial void LogStalled(string requestId, TimeSpan limit);
}
