using System.IO.Pipelines;
using Gateway.Api.Http;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Logging;

/// <summary>What the request log says of a call, filled in as the call goes. Safe to log whole.</summary>
public sealed class CallRecord(StallGuard guard)
{
    private StallGuard Guard => guard;

    /// <summary>The path template, not the path: ids stay out of the log.</summary>
    public string? Route { get; set; }

    /// <summary>The RPC's name.</summary>
    public string? Rpc { get; set; }

    /// <summary>The tenant's name.</summary>
    public string? Tenant { get; set; }

    /// <summary>The V2 status code of the answer or, for a stream, of its end; 0 when there is none.</summary>
    public int Outcome { get; set; }

    /// <summary>How a call of gRPC ended; null for other requests, and for calls that came to no end.</summary>
    public StatusCode? GrpcStatus { get; set; }

    /// <summary>Whether the client left before its end: a read or a write may learn that before the request's token does.</summary>
    public bool ClientLeft { get; set; }

    /// <summary>Bytes of the request's body.</summary>
    public long RequestBytes { get; set; }

    /// <summary>Bytes of the response's body as they are sent: with their frames, when it goes in chunks.</summary>
    public long ResponseBytes { get; set; }

    /// <summary>Sends what was written to the response, counts it, and waits for a client that reads slower, but not for ever.</summary>
    public static ValueTask<FlushResult> FlushAsync(HttpContext http, CancellationToken cancellationToken = default)
    {
        var output = http.Response.BodyWriter;
        var record = http.Features.GetRequiredFeature<CallRecord>();
        record.ResponseBytes += output.UnflushedBytes;
        var flush = output.FlushAsync(cancellationToken);
        return flush.IsCompleted ? flush : record.Guard.WatchAsync(http, flush);
    }

    /// <summary>The same for what a WebSocket sends.</summary>
    /// <param name="http">The request.</param>
    /// <param name="bytes">How many bytes of messages it is.</param>
    /// <param name="sending">The sending under way.</param>
    public static ValueTask SendAsync(HttpContext http, int bytes, ValueTask sending)
    {
        var record = http.Features.GetRequiredFeature<CallRecord>();
        record.ResponseBytes += bytes;
        return sending.IsCompleted ? sending : record.Guard.WatchAsync(http, sending);
    }
}
