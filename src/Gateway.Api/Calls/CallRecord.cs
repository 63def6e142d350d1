using System.IO.Pipelines;

namespace Gateway.Api.Calls;

/// <summary>What the request log says of a call, filled in as the call goes. Safe to log whole.</summary>
public sealed class CallRecord
{
    /// <summary>The path template, not the path: ids stay out of the log.</summary>
    public string? Route { get; set; }

    /// <summary>The RPC's name.</summary>
    public string? Rpc { get; set; }

    /// <summary>The tenant's name.</summary>
    public string? Tenant { get; set; }

    /// <summary>The V2 status code of the answer or, for a stream, of its end; 0 when there is none.</summary>
    public int Outcome { get; set; }

    /// <summary>Bytes of the request's body.</summary>
    public long RequestBytes { get; set; }

    /// <summary>Bytes of the response's body as they are sent: with their frames, when it goes in chunks.</summary>
    public long ResponseBytes { get; set; }

    /// <summary>Sends what was written to the response, and counts it.</summary>
    public static ValueTask<FlushResult> FlushAsync(HttpContext http, CancellationToken cancellationToken = default)
    {
        var output = http.Response.BodyWriter;
        http.Features.Get<CallRecord>()?.ResponseBytes += output.UnflushedBytes;
        return output.FlushAsync(cancellationToken);
    }
}
