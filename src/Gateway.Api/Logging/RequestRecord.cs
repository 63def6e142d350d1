using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Logging;

/// <summary>What the request log says of a request, filled in as it goes. Safe to log whole.</summary>
internal sealed class RequestRecord
{
    /// <summary>Makes the record of a request that begins.</summary>
    /// <param name="started">When: a timestamp of the services' clock.</param>
    public RequestRecord(long started) => Started = started;

    /// <summary>When the request began: a timestamp of the services' clock.</summary>
    public long Started { get; }

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

    /// <summary>Whether a stream was sent to its last record.</summary>
    public bool IsEnded { get; set; }

    /// <summary>Bytes of the request's body.</summary>
    public long RequestBytes { get; set; }

    /// <summary>Bytes of the response's body as they are sent: with their frames, when it goes in chunks.</summary>
    public long ResponseBytes { get; set; }

    /// <summary>The record of a request.</summary>
    public static RequestRecord Of(HttpContext http) => http.Features.GetRequiredFeature<RequestRecord>();
}
