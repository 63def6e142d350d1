using System.IO.Pipelines;
using Gateway.Api.Logging;

namespace Gateway.Api.Http;

/// <summary>Sends what was written, counts it, and waits for a client that reads slower, but not for ever.</summary>
internal static class ResponseFlow
{
    /// <summary>Sends what was written to the response.</summary>
    public static ValueTask<FlushResult> FlushAsync(HttpContext http, CancellationToken cancellationToken = default)
    {
        var output = http.Response.BodyWriter;
        RequestRecord.Of(http).ResponseBytes += output.UnflushedBytes;
        var flush = output.FlushAsync(cancellationToken);
        return flush.IsCompleted ? flush : GuardOf(http).WatchAsync(http, flush);
    }

    /// <summary>The same for messages of a WebSocket, or of gRPC.</summary>
    /// <param name="bytes">How many bytes of messages it is.</param>
    /// <param name="sending">The sending under way.</param>
    public static ValueTask SendAsync(HttpContext http, int bytes, ValueTask sending)
    {
        RequestRecord.Of(http).ResponseBytes += bytes;
        return sending.IsCompleted ? sending : GuardOf(http).WatchAsync(http, sending);
    }

    // Few clients are slow.
    private static StallGuard GuardOf(HttpContext http) => http.RequestServices.GetRequiredService<StallGuard>();
}
